#include <pawl/task/sync_wait.hpp>

PAWL_BEGIN

namespace detail {

namespace {

struct finish_item : work_item {
  explicit finish_item(run_loop& l) noexcept : work_item(&finish), loop(l) {}

  static void finish(work_item& self) noexcept { static_cast<finish_item&>(self).loop.finish(); }

  run_loop& loop;
};

}  // namespace

void drive_until_finished(run_loop& loop, completion& of) noexcept {
  finish_item joiner(loop);
  // It cannot have ended yet: nobody has driven the loop.
  static_cast<void>(of.try_await(joiner, &loop));
  drive_privately(loop);
}

}  // namespace detail

PAWL_END

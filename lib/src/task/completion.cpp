#include <pawl/task/completion.hpp>
#include <pawl/task/trampoline.hpp>

PAWL_BEGIN

namespace detail {

completion::phase completion::finish() noexcept {
  // [completion.1] acq_rel: publishes the outcome, acquires the joiner or the detaching owner's
  // last use; pairs with [completion.2], [completion.3], [completion.4].
  const phase before = phase_.exchange(phase::finished, memory_order_acq_rel);
  // A joiner is still suspended, and its handle keeps the object alive, until its item is
  // scheduled.
  if (before == phase::awaited) run_on(where_.read(), *joiner_.read());
  return before;
}

bool completion::is_finished() const noexcept {
  // [completion.2] acquire: sees the outcome; pairs with [completion.1].
  return phase_.load(memory_order_acquire) == phase::finished;
}

bool completion::try_await(work_item& joiner, scheduler* where) noexcept {
  joiner_.write(&joiner);
  where_.write(where);
  phase expected = phase::running;
  // [completion.3] release/acquire: hands over the joiner, or sees the outcome; pairs with
  // [completion.1].
  return phase_.compare_exchange_strong(expected, phase::awaited, memory_order_release,
                                        memory_order_acquire);
}

bool completion::try_detach() noexcept {
  // [completion.4] acq_rel: hands over the object with all that the handle's owner did to it, or
  // sees the outcome; pairs with [completion.1].
  const phase before = phase_.exchange(phase::detached, memory_order_acq_rel);
  return before != phase::finished;
}

namespace {

struct unpark_item : work_item {
  explicit unpark_item(parker& p) noexcept : work_item(&unpark), blocked(p) {}

  static void unpark(work_item& self) noexcept { static_cast<unpark_item&>(self).blocked.unpark(); }

  parker& blocked;
};

}  // namespace

void wait_blocking(completion& of) noexcept {
  run_put_off();
  unpark_item joiner(parker::current());
  if (of.try_await(joiner, nullptr)) joiner.blocked.park();
}

}  // namespace detail

PAWL_END

#include <pawl/task/root_coroutine.hpp>

PAWL_BEGIN

namespace detail {

namespace {

bool is_cancellation(const std::exception_ptr& exception) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const operation_failed& failed) {
    return failed.error().code == errc::cancelled;
  } catch (...) {
    return false;
  }
}

}  // namespace

void report_untaken(const std::exception_ptr& exception) noexcept {
  if (!is_cancellation(exception)) on_unhandled(exception);
}

}  // namespace detail

PAWL_END

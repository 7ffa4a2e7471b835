#include <pawl/task/root_coroutine.hpp>

PAWL_BEGIN

namespace detail {

void report_untaken(const std::exception_ptr& exception) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const operation_failed& failed) {
    if (failed.error().code == errc::cancelled) return;
  } catch (...) {}
  on_unhandled(exception);
}

}  // namespace detail

PAWL_END

#include <pawl/task/unhandled.hpp>

#include <utility>

PAWL_BEGIN

namespace {

constinit atomic<unhandled_handler> handler{nullptr};

// Rethrowing out of noexcept terminates with the exception still current.
void terminate_with(std::exception_ptr exception) noexcept {
  std::rethrow_exception(std::move(exception));
}

}  // namespace

unhandled_handler set_unhandled_handler(unhandled_handler replacement) noexcept {
  // [unhandled.1] acq_rel: the handler's own data is set up before it is called, or replaced; the
  // old handler's calls are not ordered; pairs with [unhandled.1], [unhandled.2].
  return handler.exchange(replacement, memory_order_acq_rel);
}

void on_unhandled(std::exception_ptr exception) noexcept {
  // [unhandled.2] acquire: sees what the handler needs; pairs with [unhandled.1].
  const unhandled_handler current = handler.load(memory_order_acquire);
  (current != nullptr ? current : terminate_with)(std::move(exception));
}

PAWL_END

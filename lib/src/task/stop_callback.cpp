#include <pawl/task/stop_token.hpp>

PAWL_BEGIN

namespace detail {

namespace {

// The stop callbacks that this thread is inside of, innermost first: a destructor that finds itself
// here must not wait for its own return.
struct running_callback {
  const void* callback;
  running_callback* outer;
  bool destroyed = false;
};

struct running_callbacks {
  running_callback* innermost = nullptr;
};

// Returns: the entry of the callback if this thread is inside it, else null.
running_callback* find_running(const void* callback) noexcept {
  running_callback* entry = thread_slot<running_callbacks>::get().innermost;
  while (entry != nullptr && entry->callback != callback) entry = entry->outer;
  return entry;
}

}  // namespace

stop_callback_base::stop_callback_base(stop_token token, invoke_function invoke) noexcept
    : stop_node(&run), invoke_(invoke), token_(token) {}

void stop_callback_base::attach() noexcept {
  if (!token_.attach(*this)) run(*this);
}

void stop_callback_base::run(stop_node& node) noexcept {
  auto& self = static_cast<stop_callback_base&>(node);
  auto& innermost = thread_slot<running_callbacks>::get().innermost;
  running_callback entry{&self, innermost};
  innermost = &entry;
  self.invoke_(self);
  innermost = entry.outer;
  if (entry.destroyed) return;
  // [stop_callback.1] acq_rel: what the callback did happens before the destructor returns; the
  // parker is read after it was written; pairs with [stop_callback.2], [stop_callback.3].
  const phase before = self.phase_.exchange(phase::finished, memory_order_acq_rel);
  // The destructor waits for exactly this unpark, so the object is still there.
  if (before == phase::awaited) self.waiting_.read()->unpark();
}

void stop_callback_base::detach() noexcept {
  // [stop_callback.2] acquire: sees what the callback did; pairs with [stop_callback.1].
  if (phase_.load(memory_order_acquire) == phase::finished || token_.try_detach(*this)) return;
  if (running_callback* const entry = find_running(this)) {
    entry->destroyed = true;
  } else {
    await_finish();
  }
}

void stop_callback_base::await_finish() noexcept {
  parker& me = parker::current();
  waiting_.write(&me);
  phase expected = phase::pending;
  // [stop_callback.3] release/acquire: hands over the parker, or sees what the callback did; pairs
  // with [stop_callback.1].
  if (phase_.compare_exchange_strong(expected, phase::awaited, memory_order_release,
                                     memory_order_acquire)) {
    me.park();
  }
}

}  // namespace detail

PAWL_END

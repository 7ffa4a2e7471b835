#pragma once
// Model backend: blocking a model thread is an await on one word.

#include <pawl/backend/model/atomic.hpp>
#include <pawl/backend/model/clock.hpp>

PAWL_BEGIN

class parker {
 public:
  constexpr parker() noexcept = default;
  parker(const parker&) = delete;
  parker& operator=(const parker&) = delete;

  static parker& current() noexcept {
    static constexpr char key = 0;
    return *static_cast<parker*>(::pawl::check::rt::thread_storage(
        &key, sizeof(parker), [](void* room) { new (room) parker; },
        [](void* room) { static_cast<parker*>(room)->~parker(); }));
  }

  void park(source_location at = source_location::current()) noexcept {
    detail::rt::await_update(token_.object(), there(), taken(), memory_order_acquire, at);
  }
  [[nodiscard]] bool park_until(steady_clock::time_point deadline,
                                source_location at = source_location::current()) noexcept {
    detail::rt::word token = 0;
    if (detail::rt::await_update_until(token_.object(), there(), taken(), memory_order_acquire,
                                       token, at))
      return true;
    detail::rt::advance(deadline.time_since_epoch());
    return false;
  }
  void unpark(source_location at = source_location::current()) noexcept {
    token_.store(1, memory_order_release, at);
  }

 private:
  static detail::rt::predicate there() {
    return detail::to_predicate<std::uint32_t>([](std::uint32_t v) { return v != 0; });
  }
  static detail::rt::update taken() {
    return detail::to_update<std::uint32_t>([](std::uint32_t) { return 0u; });
  }

  atomic<std::uint32_t> token_{0};
};

PAWL_END

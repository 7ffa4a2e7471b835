#pragma once
// Model backend: thread-local values. Model threads share one OS thread, so the engine keeps them.

#include <pawl/backend/namespace.hpp>
#include <pawl/check/runtime.hpp>

#include <new>
#include <type_traits>

PAWL_BEGIN

template <class T>
class thread_slot {
 public:
  static T& get() noexcept {
    static_assert(std::is_trivially_destructible_v<T>, "a slot is dropped, not destroyed");
    static constinit T outside{};  // For set-up code that runs outside of an execution.
    if (!::pawl::check::rt::on_model_thread()) return outside;
    return *static_cast<T*>(::pawl::check::rt::thread_storage(
        &key_, sizeof(T), [](void* room) { new (room) T{}; }, [](void*) {}));
  }

 private:
  static constexpr char key_ = 0;
};

PAWL_END

#pragma once
// Who waits like a coroutine, without being one.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/task/resume.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>
#include <cstddef>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

// Awaits one operation and calls a function when it is resumed: whatever is known of coroutines
// that wait, so of their order, cancellation and resumption, is true of it. What awaits is a
// coroutine without a body, made when there is something to wait for, in room that *this has for
// it; so it allocates nothing. (Compilers alone know how large a frame is. Were one too large for
// the room, it would come from the heap.)
class callback_coroutine {
  class promise;
  using handle = std::coroutine_handle<promise>;

 public:
  using function = void (*)(callback_coroutine&) noexcept;

  // Whether awaiting it throws nothing, up to its resumption.
  template <class Awaiter>
  static constexpr bool is_nothrow_suspend =
      noexcept(std::declval<Awaiter&>().await_ready()) &&
      noexcept(std::declval<Awaiter&>().await_suspend(std::declval<handle>()));

  callback_coroutine(const callback_coroutine&) = delete;
  callback_coroutine& operator=(const callback_coroutine&) = delete;

 protected:
  // `resumed` is called once, after a suspension. It may destroy *this.
  explicit callback_coroutine(function resumed) noexcept : resumed_(resumed) {}

  // Precondition: it is not suspended, or resumed.
  ~callback_coroutine() {
    if (coroutine_) coroutine_.destroy();
  }

  // Effects: what it awaits is resumed on `where`, if that is null inline, and may obey the token.
  void inherit(scheduler* where, stop_token token) noexcept {
    where_ = fault::told_in_waker ? nullptr : where;
    token_ = token;
  }
  [[nodiscard]] stop_token token() const noexcept { return token_; }

  // Effects: awaits what is not ready. Throws: what its await_suspend does; it is not suspended.
  // Returns: whether it is suspended: then it will be resumed, and *this may be gone.
  // Precondition: it was not suspended before.
  template <class Awaiter>
  [[nodiscard]] bool suspend(Awaiter& awaiter) {
    coroutine_ = make(this).coroutine;
    using suspended = decltype(awaiter.await_suspend(coroutine_));
    if constexpr (std::is_same_v<suspended, bool>) {
      return awaiter.await_suspend(coroutine_);
    } else if constexpr (std::is_void_v<suspended>) {
      awaiter.await_suspend(coroutine_);
      return true;
    } else {
      resume(awaiter.await_suspend(coroutine_));
      return true;
    }
  }

 private:
  struct made {
    using promise_type = promise;
    handle coroutine;
  };

  // It has ended when it is resumed, so that it may be destroyed then.
  class promise {
   public:
    explicit promise(callback_coroutine* owner) noexcept : owner_(*owner) {}

    static void* operator new(std::size_t size, callback_coroutine* owner) {
      return size <= sizeof(owner->frame_) ? owner->frame_ : ::operator new(size);
    }
    static void operator delete(void* frame, std::size_t size) noexcept {
      if (size > sizeof(frame_)) ::operator delete(frame);
    }

    made get_return_object() noexcept { return {handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct resumed {
        resumed() noexcept = default;
        bool await_ready() noexcept { return false; }
        void await_suspend(handle self) noexcept {
          callback_coroutine& owner = self.promise().owner_;
          owner.resumed_(owner);
        }
        void await_resume() noexcept {}
      };
      return resumed();
    }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {}

    [[nodiscard]] scheduler* get_scheduler() const noexcept { return owner_.where_; }
    [[nodiscard]] stop_token get_stop_token() const noexcept { return owner_.token_; }

   private:
    callback_coroutine& owner_;
  };

  static made make(callback_coroutine* owner);

  const function resumed_;
  scheduler* where_ = nullptr;
  stop_token token_;
  handle coroutine_;
  alignas(std::max_align_t) std::byte frame_[112];
};

}  // namespace detail

PAWL_END

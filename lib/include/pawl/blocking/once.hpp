#pragma once
// Something that one thread does, once, while others wait for it.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/blocking/known_owner.hpp>
#include <pawl/blocking/parking_table.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

#include <cstdint>
#include <functional>
#include <utility>

PAWL_BEGIN

namespace blocking {

//   bit     | means                              | set by            | cleared by
//   DONE    | it is done, for ever               | who did it        | nobody
//   RUNNING | a thread is at it                  | who begins        | the same, when it ends
//   PARKED  | threads wait in the parking table  | who queues, with  | who takes the last one off,
//           |                                    | the bucket locked | likewise
//
// One byte. call(f) is std::call_once, and f takes effect at most once (ONCE-SINGLE): if it throws,
// nothing was done, and the next call runs its own (ONCE-RETRY). Whoever waits is woken in either
// case.
//
// Memory ordering: what f did happens before the return of every call, and of every wait and
//   is_done() that is true (ONCE-HB).
// Allocation: none. Where a waiter resumes: on its thread.
// Complexity: one load if it is done; else two read-modify-writes, and what those cost who wait.
class once {
  static constexpr bool is_told = detail::known_owner::is_known;  // who waits for himself

 public:
  constexpr once() noexcept = default;
  once(const once&) = delete;
  once& operator=(const once&) = delete;

  // Precondition: no call is in progress.
  ~once() = default;

  // Effects: unless it is done, calls f(args...); if another thread is at that, waits for it first.
  //   f must not call it, nor wait for it: it would wait for itself.
  // Returns: whether it was this call that did it.
  // Throws: what f throws; then it is not done. Built with PAWL_DEBUG, std::logic_error from a call
  //   inside f, and from wait() there.
  template <class F, class... Args>
  bool call(F&& f, Args&&... args) {
    if (is_done()) [[likely]]
      return false;
    if (!begin()) return false;
    attempt running(*this);
    std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
    running.succeed();
    return true;
  }

  [[nodiscard]] bool is_done() const noexcept {
    // [once.1] acquire: ONCE-HB; pairs with [once.3], [once.5].
    return (state_.load(memory_order_acquire) & done) != 0;
  }

  // Effects: waits until somebody has done it; with a token or a deadline, at most until then.
  // Returns: whether it is done. Cancel safety: a wait that was given up leaves nothing behind.
  void wait() noexcept(!is_told) {
    if constexpr (is_told) {
      if (!is_done()) refuse_recursion();
    }
    static_cast<void>(wait_within({}));
  }
  bool wait(stop_token token) noexcept {
    return token.stop_requested() ? is_done() : wait_within({.token = token});
  }
  bool wait_until(steady_clock::time_point deadline) noexcept {
    return wait_within({.deadline = deadline});
  }
  bool wait_for(steady_clock::duration timeout) noexcept {
    return wait_until(detail::deadline_after(timeout));
  }

 private:
  using bits = std::uint8_t;
  static constexpr bits done = 1;
  static constexpr bits running = 2;
  static constexpr bits parked = 4;

  // From begin() to the end of f, however it ends.
  class attempt {
   public:
    explicit attempt(once& of) noexcept : of_(of) {}
    ~attempt() { of_.end(result_); }
    attempt(const attempt&) = delete;
    attempt& operator=(const attempt&) = delete;

    void succeed() noexcept { result_ = done; }

   private:
    once& of_;
    bits result_ = fault::failure_is_done ? done : 0;
  };

  enum class goal : std::uint8_t { turn, result };  // what a thread waits for

  void refuse_recursion() const noexcept(!is_told) {
    detail::known_owner::refuse(
        this, detail::known_owner::whole,
        "once: call() or wait() inside the function that it calls, which would "
        "wait for itself; do it after that function");
  }

  bool begin() noexcept(!is_told);
  void end(bits result) noexcept;
  bool wait_within(const detail::patience& limit) noexcept;
  bool park(goal what, const detail::patience& limit) noexcept;
  bool announce(goal what) noexcept;
  void stop_announcing(detail::parking_bucket& here) noexcept;

  atomic<bits> state_{0};
};

}  // namespace blocking

PAWL_END

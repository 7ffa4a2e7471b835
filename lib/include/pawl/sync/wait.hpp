#pragma once
// A wait that something from outside may end: a stop request, a deadline.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

#include <variant>

PAWL_BEGIN

namespace detail {

// The part that coroutines and threads have in common. A canceller whose request was in time is one
// of the parties. Otherwise, whoever settles the wait takes the trigger back; if it has been pulled
// all the same, the canceller who pulled it is waited for, by nobody blocking: he resumes the wait
// as the last thing he does (join_closing, join_finished).
//
// Ownership: trigger_ and watching_ are written by the waiting call before it joins with
// `suspended`, and read by whoever settles the wait, or by the destroyer once it is clear that
// nobody else will.
template <class Store>
class wait : public waiter {
 public:
  wait(const wait&) = delete;
  wait& operator=(const wait&) = delete;

  [[nodiscard]] verdict outcome() const noexcept { return waiter::outcome(); }

 protected:
  using function = work_item::function;

  // `resume` is called once, by the last party, and may destroy the wait.
  wait(synchronizer<Store>& core, count_t weight, bool up_to, function resume,
       bool lingers = false) noexcept
      : waiter(&settled, weight, up_to, lingers), core_(core), resume_(resume) {}
  ~wait() = default;

  [[nodiscard]] synchronizer<Store>& core() const noexcept { return core_; }

  // Effects: a request of the token, or the deadline, withdraws the wait from now on; at once,
  //   inside the call, if the stop was requested before.
  void watch(stop_token token) noexcept;
  void watch(timer_service& timers, steady_clock::time_point deadline) noexcept;

  // Effects: the waiting call leaves, as its last act.
  // Returns: false if the wait is settled, and the call goes on at once; true if it will be
  //   resumed, and may have been.
  [[nodiscard]] bool suspend() noexcept;

  // Effects: the trigger will not be pulled any more.
  // Returns: false if it is being pulled, or was, and the canceller may not be through.
  [[nodiscard]] bool stop_watching() noexcept;

  // Effects: what the resumed call owes to the queue.
  void continue_turn() noexcept;

 private:
  struct stop_hook : stop_node {
    stop_hook(wait& w, stop_token t) noexcept : stop_node(&pulled), owner(w), token(t) {}
    static void pulled(stop_node& self) noexcept {
      static_cast<stop_hook&>(self).owner.cancel(verdict::cancelled);
    }
    wait& owner;
    const stop_token token;
  };
  struct timer_hook : timer_item {
    timer_hook(wait& w, timer_service& s, steady_clock::time_point when) noexcept
        : timer_item(when, &pulled), owner(w), service(s) {}
    static void pulled(timer_item& self) noexcept {
      static_cast<timer_hook&>(self).owner.cancel(verdict::timed_out);
    }
    wait& owner;
    timer_service& service;
  };

  static void settled(work_item& self) noexcept;
  bool is_resumable() noexcept;
  void cancel(verdict reason) noexcept;

  synchronizer<Store>& core_;
  const function resume_;
  std::variant<std::monostate, stop_hook, timer_hook> trigger_;
  cell<bool> watching_{false};
};

}  // namespace detail

PAWL_END

#pragma once
// Waiting for a stop request.

#include <pawl/backend/backend.hpp>
#include <pawl/task/resume.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

#include <coroutine>
#include <cstdint>
#include <variant>

PAWL_BEGIN

namespace detail {

// What may end a wait before its time, if anything.
using wait_limit = std::variant<std::monostate, stop_token, steady_clock::time_point>;

// A wait for a stop that something else may end, another stop or a deadline: the awaited trigger
// and the limiting one. Nothing is allocated, and nobody blocks for it.
//
// The party word decides who resumes. Each bit is set once:
//
//   bit       | says                                                    | set by
//   suspended | the waiting call has left for good                      | the waiting call
//   stopped   | the awaited trigger was pulled, who pulled it is gone   | who pulled it
//   limited   | so was the limiting one                                 | who pulled it
//   closing   | ... the other will be pulled, who pulls it is to resume | the closer
//   abandoned | nobody resumes: the coroutine is being destroyed        | its destroyer
//
// Whoever makes true that the call is suspended and a trigger was pulled is the closer: he takes
// the other trigger back. If that can't be done, because somebody is about to pull it, that one
// resumes the wait, as his last access. In doubt the wait has ended by the stop.
class stop_wait {
 public:
  using function = void (*)(stop_wait&) noexcept;

  // `resume` is called once, by the last party, and may destroy the wait.
  stop_wait(stop_token awaited, function resume) noexcept
      : awaited_(*this, awaited), resume_(resume) {}
  stop_wait(const stop_wait&) = delete;
  stop_wait& operator=(const stop_wait&) = delete;

  // Effects: the wait begins. Returns: false if the stop was requested before: there is no wait.
  [[nodiscard]] bool watch() noexcept;

  // Effects: the other stop, or the deadline, ends the wait from now on.
  void limit(stop_token other) noexcept;
  void limit(timer_service& timers, steady_clock::time_point deadline) noexcept;

  // Effects: the waiting call leaves, as its last act.
  // Returns: false if the wait has ended, and the call goes on at once; true if it will be resumed,
  //   and may have been.
  [[nodiscard]] bool suspend() noexcept;

  // Effects: the waiting call, suspended, pulls the limiting trigger itself; there is no other.
  // Returns: whether that ended the wait; otherwise it will be resumed.
  [[nodiscard]] bool give_up() noexcept { return pull(limited); }

  // Effects: nobody will resume the wait. May wait for a fixed number of steps of who pulls a
  //   trigger. Returns: false if it has ended: it was resumed, or that was put off.
  [[nodiscard]] bool try_abandon() noexcept;

  // Returns: whether it ended by the awaited stop. Precondition: it has ended.
  [[nodiscard]] bool was_stopped() const noexcept;

 private:
  using bits = std::uint8_t;
  static constexpr bits suspended = 1;
  static constexpr bits stopped = 2;
  static constexpr bits limited = 4;
  static constexpr bits closing = 8;
  static constexpr bits abandoned = 16;

  template <bits pulled>
  struct stop_hook : stop_node {
    stop_hook(stop_wait& w, stop_token t) noexcept : stop_node(&run), owner(w), token(t) {}
    static void run(stop_node& self) noexcept {
      static_cast<stop_hook&>(self).owner.resume_if(pulled);
    }
    stop_wait& owner;
    const stop_token token;
  };
  struct timer_hook : timer_item {
    timer_hook(stop_wait& w, timer_service& s, steady_clock::time_point when) noexcept
        : timer_item(when, &run), owner(w), service(s) {}
    static void run(timer_item& self) noexcept {
      static_cast<timer_hook&>(self).owner.resume_if(limited);
    }
    stop_wait& owner;
    timer_service& service;
  };

  void resume_if(bits trigger) noexcept;
  bool pull(bits trigger) noexcept;
  bool close(bits pulled) noexcept;
  bool take_back(bits trigger) noexcept;
  bits join(bits own) noexcept;
  void await(bits trigger) const noexcept;

  stop_hook<stopped> awaited_;
  std::variant<std::monostate, stop_hook<limited>, timer_hook> limit_;
  cell<bool> is_limited_{false};  // written before `suspended`, read by the closer
  const function resume_;
  atomic<bits> party_{0};
};

// The same for a coroutine, in whose frame it lives. Resumes on `where`; if that is null, inline
// on the thread that ends the wait.
class coroutine_stop_wait final : public stop_wait {
 public:
  coroutine_stop_wait(stop_token awaited, std::coroutine_handle<> coroutine,
                      scheduler* where) noexcept
      : stop_wait(awaited, &dispatch), item_(coroutine), where_(where) {}

  // The end of await_suspend: returns false if the coroutine goes on at once; otherwise *this may
  // be gone.
  bool suspend(const wait_limit& limit) noexcept;

  // Effects: the suspended coroutine is being destroyed. Precondition: nothing resumes it at the
  //   same time, nor is it on its way to its scheduler.
  void abandon() noexcept;

 private:
  static void dispatch(stop_wait& self) noexcept;

  resume_item item_;
  scheduler* const where_;
};

// Effects: blocks the calling thread until the stop is requested, or the limit is reached.
// Returns: whether the stop was requested.
bool wait_stopped_blocking(stop_token awaited, const wait_limit& limit) noexcept;

}  // namespace detail

PAWL_END

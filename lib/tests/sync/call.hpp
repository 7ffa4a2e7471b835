#pragma once
// Waiting calls for tests: coroutines that begin at once, resume inline, and can be destroyed while
// they are suspended.

#include <pawl/sync/mutex.hpp>
#include <pawl/sync/notify.hpp>
#include <pawl/sync/semaphore.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

// What became of a call, and the order in which calls ended.
template <class Grant>
struct outcome_of {
  std::optional<pawl::result<Grant>> result;
  std::vector<outcome_of*>* log = nullptr;

  bool is_pending() const { return !result.has_value(); }
  bool is_granted() const { return result && result->has_value(); }
  pawl::count_t count() const
    requires std::same_as<Grant, pawl::permit>
  {
    return is_granted() ? (*result)->count() : 0;
  }
  bool failed_with(pawl::errc code) const {
    return result && !result->has_value() && result->error().code == code;
  }

  void end(pawl::result<Grant> r) {
    result.emplace(std::move(r));
    if (log != nullptr) log->push_back(this);
  }
};

using outcome = outcome_of<pawl::permit>;

class call {
 public:
  struct promise_type {
    call get_return_object() { return call(handle::from_promise(*this)); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() { std::terminate(); }
  };

  call(call&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  call& operator=(call&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~call() { destroy(); }

  bool is_done() const { return coroutine_.done(); }

  void destroy() {
    if (coroutine_) std::exchange(coroutine_, {}).destroy();
  }

 private:
  using handle = std::coroutine_handle<promise_type>;
  explicit call(handle coroutine) : coroutine_(coroutine) {}

  handle coroutine_;
};

inline call start(pawl::semaphore& s, pawl::count_t n, outcome& out) {
  auto acquired = co_await s.acquire(n);
  out.end(std::move(acquired));
}

inline call start(pawl::semaphore& s, pawl::count_t n, outcome& out, pawl::stop_token token) {
  auto acquired = co_await s.acquire(n, token);
  out.end(std::move(acquired));
}

inline call start_up_to(pawl::semaphore& s, pawl::count_t n, outcome& out) {
  auto acquired = co_await s.acquire_up_to(n);
  out.end(std::move(acquired));
}

inline call start_up_to(pawl::semaphore& s, pawl::count_t n, outcome& out, pawl::stop_token token) {
  auto acquired = co_await s.acquire_up_to(n, token);
  out.end(std::move(acquired));
}

inline call start_until(pawl::semaphore& s, pawl::count_t n, outcome& out,
                        pawl::steady_clock::time_point deadline) {
  auto acquired = co_await s.acquire_until(n, deadline);
  out.end(std::move(acquired));
}

// The same for a mutex, with whatever arguments its lock has.
template <class T, class... Arguments>
call start(pawl::mutex<T>& m, outcome_of<pawl::mutex_guard<T>>& out, Arguments... arguments) {
  auto locked = co_await m.lock(arguments...);
  out.end(std::move(locked));
}

template <class T>
call start_until(pawl::mutex<T>& m, outcome_of<pawl::mutex_guard<T>>& out,
                 pawl::steady_clock::time_point deadline) {
  auto locked = co_await m.lock_until(deadline);
  out.end(std::move(locked));
}

// The same for a notify. To await what was made or enabled before, give that.
using waiting = outcome_of<void>;

template <class... Arguments>
call start(pawl::notify& n, waiting& out, Arguments... arguments) {
  auto notified = co_await n.wait(arguments...);
  out.end(std::move(notified));
}

template <class Wait>
  requires requires(Wait w) { std::move(w).operator co_await(); }
call start(Wait& made, waiting& out) {
  auto notified = co_await std::move(made);
  out.end(std::move(notified));
}

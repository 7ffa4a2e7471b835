#pragma once
// One thread's dealings with a semaphore: its coroutines that wait, its permits, its accounts.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "operation.hpp"

// A coroutine that acquires once. It starts when called, resumes where it is told (null: inline in
// whoever settles the wait), and may be destroyed while it is suspended.
class acquiring {
 public:
  struct promise_type {
    template <class... Args>
    explicit promise_type(pawl::scheduler* w, Args&...) noexcept : where(w) {}

    acquiring get_return_object() {
      return acquiring(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() { throw; }
    pawl::scheduler* get_scheduler() const noexcept { return where; }

    pawl::scheduler* const where;
  };

  acquiring() noexcept = default;
  acquiring(acquiring&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  acquiring& operator=(acquiring&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~acquiring() {
    if (coroutine_) coroutine_.destroy();
  }

 private:
  explicit acquiring(std::coroutine_handle<promise_type> c) : coroutine_(c) {}

  std::coroutine_handle<promise_type> coroutine_;
};

// Where one of them leaves what it got. Written by whoever resumes it, read by its client after
// that.
struct call {
  pawl::stop_source stop;
  pawl::atomic<bool> done{false};
  pawl::cell<std::optional<pawl::result<pawl::permit>>> outcome;
  std::vector<call*>* log = nullptr;  // if not null, gets the calls in the order of their ends
  acquiring coroutine;                // its client's
  operation asked;                    // its client's
  bool was_collected = false;         // its client's
  bool was_destroyed = false;         // its client's
};

class client {
 public:
  using outcome = pawl::result<pawl::count_t>;  // how many permits, or why none

  // `own` has room for the calls that this client will start; `all` is what it may stop.
  client(pawl::semaphore& s, std::span<call> own, std::span<call> all, pawl::scheduler* where)
      : semaphore_(s), own_(own), all_(all), where_(where) {}

  // Effects: makes the call.
  // Returns: what it came to, 0 if nothing can be said; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op);

  // Effects: takes over the permits of the coroutines that are done.
  void collect();

  const std::vector<pawl::permit>& permits() const { return held_; }
  std::span<call> started() const { return own_.first(started_); }

  // Permits that came into being by this client's calls, and that were taken out of the world.
  std::int64_t created() const { return created_; }
  std::int64_t removed() const { return removed_; }

  // How many calls had been started when the last call that does not wait was granted permits.
  std::size_t passed() const { return passed_; }

 private:
  void start(const operation& op);
  outcome keep(pawl::result<pawl::permit> got);
  pawl::permit* permit_at(std::size_t which);
  outcome split(const operation& op);
  outcome merge(const operation& op);
  pawl::permit take_out(std::size_t which);

  pawl::semaphore& semaphore_;
  const std::span<call> own_;
  const std::span<call> all_;
  pawl::scheduler* const where_;
  std::size_t started_ = 0;
  std::size_t passed_ = 0;
  std::vector<pawl::permit> held_;
  std::int64_t created_ = 0;
  std::int64_t removed_ = 0;
};

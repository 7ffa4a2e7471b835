#pragma once
// Waiting calls of random programs.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/work_item.hpp>

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

// What a call was granted: what it holds until it gives it back, and a number that tells it from
// other grants, and stays when what was held is gone.
template <class Held>
struct grant {
  Held held;
  std::uint64_t number = 0;
};

// That number, or why there was no grant. 0 if nothing can be said.
using outcome = pawl::result<std::uint64_t>;

// Returns: the outcome for a person; of nothing, that there is none yet.
inline std::string text(const std::optional<outcome>& o) {
  if (!o) return "nothing yet";
  return *o ? std::to_string(**o) : to_string(o->error());
}

// Where one of them leaves what it got. Written by whoever resumes it, read by its client after
// that.
template <class Held, class Operation>
struct basic_call {
  using operation = Operation;

  pawl::stop_source stop;
  pawl::atomic<bool> done{false};
  pawl::cell<std::optional<pawl::result<grant<Held>>>> got;
  std::vector<basic_call*>* log =
      nullptr;                 // if not null, gets the calls in the order of their ends
  acquiring coroutine;         // its client's
  Operation asked;             // its client's
  bool was_collected = false;  // its client's
  bool was_destroyed = false;  // its client's

  // The coroutine's last act.
  void end(pawl::result<grant<Held>> result) {
    got.write(std::move(result));
    if (log != nullptr) log->push_back(this);
    done.store(true, pawl::memory_order_release);
  }

  bool is_waiting() const { return !done.load(pawl::memory_order_acquire); }

  // What it came to; nothing if it waits.
  std::optional<outcome> seen() const {
    if (is_waiting()) return std::nullopt;
    return got.with_read([](const auto& result) -> std::optional<outcome> {
      return result->map([](const grant<Held>& g) { return g.number; });
    });
  }

  // Why it failed; nothing if it was granted, or waits.
  std::optional<pawl::errc> failure() const {
    const auto what = seen();
    return what && !*what ? std::optional(what->error().code) : std::nullopt;
  }

  bool is_granted() const { return !is_waiting() && !failure(); }
};

// Returns: how many coroutines the program starts.
template <class Program>
std::size_t count_starts(const Program& program) {
  return static_cast<std::size_t>(
      std::ranges::count_if(program, [](const auto& op) { return op.starts(); }));
}

// Effects: runs what is scheduled, until nothing is: an item of our own finds no other before it.
inline void drain(pawl::run_loop& loop) {
  struct marker : pawl::work_item {
    marker() : work_item(&pass) {}
    static void pass(work_item& self) noexcept { static_cast<marker&>(self).passed = true; }
    bool passed = false;
  };
  for (bool idle = false; !idle;) {
    marker end;
    loop.schedule(end);
    idle = true;
    while (loop.run_one() && !end.passed) idle = false;
  }
}

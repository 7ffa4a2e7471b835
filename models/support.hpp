#pragma once
// What the models of waiting primitives share: threads, and coroutines whose calls and resumptions
// are where the model wants them. Nothing here branches an execution by itself.

#include <pawl/check.hpp>

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/work_item.hpp>

#include <coroutine>
#include <optional>
#include <utility>

namespace models {

using pawl::count_t;
using pawl::check::bounds;
using pawl::check::require;

// Runs each function on a thread of its own, and returns when all have returned.
template <class... Functions>
void together(Functions... functions) {
  pawl::thread threads[] = {pawl::thread(std::move(functions))...};
  for (pawl::thread& each : threads) each.join();
}

// One bit that is set once and can be waited for.
class gate {
 public:
  void open() noexcept { open_.store(true, pawl::memory_order_release); }
  void wait() const {
    pawl::spin_until(open_, [](bool is_open) { return is_open; }, pawl::memory_order_acquire);
  }

 private:
  pawl::atomic<bool> open_{false};
};

// A scheduler of one coroutine: a thread that runs what is scheduled on it.
class home final : public pawl::scheduler {
 public:
  home() : thread_([this] { serve(); }) {}

  // Precondition: what was scheduled has run or is running; nothing will be scheduled.
  ~home() {
    schedule(leave_);
    thread_.join();
  }

  void schedule(pawl::work_item& item) noexcept override {
    const unsigned n = posted_.read();
    require(n < room, "a coroutine of a model is resumed more often than it has room for");
    posted_.write(n + 1);
    slots_[n].store(&item, pawl::memory_order_release);
  }

 private:
  static constexpr unsigned room = 4;

  void serve() {
    for (pawl::atomic<pawl::work_item*>& slot : slots_) {
      pawl::work_item* const item = pawl::spin_until(
          slot, [](pawl::work_item* i) { return i != nullptr; }, pawl::memory_order_acquire);
      if (item == &leave_) return;
      (*item)();
    }
  }

  pawl::atomic<pawl::work_item*> slots_[room]{};
  pawl::cell<unsigned> posted_{0};  // the wake-ups of one coroutine follow one another
  pawl::work_item leave_{nullptr};
  pawl::thread thread_;
};

// As the first argument of a coroutine: it resumes inline in its waker, whatever was asked for.
struct in_waker {};

// A coroutine that starts at once, on the thread that calls it: so the order of calls that one
// thread makes is known. After a wait it resumes where `--resumption` says, on a home of its own or
// inline in its waker; if its first argument is a scheduler, there.
class call {
 public:
  class promise_type {
   public:
    promise_type() {
      if (!pawl::check::resumes_in_waker()) where_ = &home_.emplace();
    }
    template <class... Arguments>
    explicit promise_type(in_waker, Arguments&...) {}
    template <class... Arguments>
    explicit promise_type(pawl::scheduler& where, Arguments&...) : where_(&where) {}

    call get_return_object() noexcept { return call(handle::from_promise(*this)); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct finish {
        finish() noexcept = default;
        bool await_ready() noexcept { return false; }
        void await_suspend(handle self) noexcept { self.promise().finished_.open(); }
        void await_resume() noexcept {}
      };
      return finish();
    }
    void return_value(pawl::result<count_t> r) { result_.write(r); }
    void unhandled_exception() { throw; }

    pawl::scheduler* get_scheduler() noexcept { return where_; }

   private:
    friend call;

    pawl::scheduler* where_ = nullptr;
    std::optional<home> home_;
    gate finished_;
    pawl::cell<pawl::result<count_t>> result_;
  };

  call(call&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  call& operator=(call&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }

  // Precondition: the coroutine has ended, or it is suspended where nothing can resume it.
  ~call() { destroy(); }
  void destroy() {
    if (coroutine_) std::exchange(coroutine_, {}).destroy();
  }

  // Waits for the end of the coroutine. Returns: the permits it was granted, or why none.
  pawl::result<count_t> result() const {
    coroutine_.promise().finished_.wait();
    return coroutine_.promise().result_.read();
  }

  // What follow from the result.
  bool granted() const { return result().has_value(); }
  count_t count() const { return result().value_or(0); }
  bool failed_with(pawl::errc code) const {
    const auto r = result();
    return !r && r.error().code == code;
  }

 private:
  using handle = std::coroutine_handle<promise_type>;
  explicit call(handle coroutine) noexcept : coroutine_(coroutine) {}

  handle coroutine_;
};

// Returns: whether the attempt failed, and for this reason.
template <class T>
bool failed_with(const pawl::result<T>& r, pawl::errc code) {
  return !r && r.error().code == code;
}

template <class... Calls>
bool all_failed_with(pawl::errc code, const Calls&... calls) {
  return (calls.failed_with(code) && ...);
}

}  // namespace models

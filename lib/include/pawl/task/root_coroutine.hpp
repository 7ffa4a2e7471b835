#pragma once
// The coroutine at the bottom of a spawned task: its frame is all that a spawn allocates besides
// the task's own.

#include <pawl/backend/ambient.hpp>
#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/task/completion.hpp>
#include <pawl/task/outcome.hpp>
#include <pawl/task/resume.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/unhandled.hpp>

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

PAWL_BEGIN

namespace detail {

// Effects: on_unhandled, unless the exception is an operation_failed with `cancelled`: that is how
//   a task obeys a stop.
void report_untaken(const std::exception_ptr& exception) noexcept;

// The part of a root's promise that does not depend on T.
class root_promise_base : public completion {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }
  [[nodiscard]] scheduler* get_scheduler() const noexcept { return where_; }
  stop_token get_stop_token() noexcept { return stop_.get_token(); }

  bool request_stop() noexcept { return stop_.request_stop(); }

  // Effects: starts the coroutine on `where`, or on an ambient scheduler of its own.
  void start_on(std::coroutine_handle<> self, scheduler& where) noexcept {
    where_ = &where;
    start_.coroutine.write(self);
    where.schedule(start_);
  }
  void start_on_ambient(std::coroutine_handle<> self) { start_on(self, ambient_.emplace().get()); }

  // Effects: ends the coroutine. Returns: true if the handle is gone: the object is the caller's to
  //   destroy; otherwise it may be gone already.
  bool finish_detached() noexcept {
    ambient_.reset();
    return finish() == phase::detached;
  }

 private:
  scheduler* where_ = nullptr;
  stop_source stop_;
  resume_item start_;
  std::optional<ambient_scheduler> ambient_;
};

template <class T>
struct root_coroutine;

template <class T>
class root_promise final : public root_promise_base, public outcome<T> {
 public:
  using handle = std::coroutine_handle<root_promise>;

  root_coroutine<T> get_return_object() noexcept { return {handle::from_promise(*this)}; }

  auto final_suspend() noexcept {
    struct finisher {
      finisher() noexcept = default;
      bool await_ready() noexcept { return false; }
      void await_suspend(handle self) noexcept {
        if (self.promise().finish_detached()) self.promise().destroy();
      }
      void await_resume() noexcept {}
    };
    return finisher();
  }

  // Returns: the outcome as a join reports it. Throws: what is no operation_failed.
  result<T> take_result() {
    try {
      if constexpr (std::is_void_v<T>) {
        this->take();
        return {};
      } else {
        return this->take();
      }
    } catch (const operation_failed& failed) {
      return tl::unexpected<error>(failed.error());
    }
  }

  // Effects: destroys the coroutine, which has ended; an exception that nobody took is reported.
  void destroy() noexcept {
    const std::exception_ptr untaken = this->exception();
    handle::from_promise(*this).destroy();
    if (untaken) report_untaken(untaken);
  }
};

// What calling the coroutine function returns.
template <class T>
struct root_coroutine {
  using promise_type = root_promise<T>;

  typename promise_type::handle coroutine;
};

// The handle's share of a root: dropped, it leaves the root to the task, or destroys it after the
// end.
template <class T>
struct root_release {
  void operator()(root_promise<T>* root) const noexcept {
    if (!root->try_detach()) root->destroy();
  }
};

template <class T>
using root_owner = std::unique_ptr<root_promise<T>, root_release<T>>;

template <class T>
root_coroutine<T> run_root(task<T> t) {
  co_return co_await std::move(t);
}

// Returns: the owner of a new root that runs the task and was handed to `start(promise)`, which may
//   throw if it has not started it.
template <class T, class Start>
root_owner<T> start_root(task<T>&& t, Start start) {
  const auto coroutine = run_root(std::move(t)).coroutine;
  try {
    start(coroutine);
  } catch (...) {
    coroutine.destroy();
    throw;
  }
  return root_owner<T>(&coroutine.promise());
}

}  // namespace detail

PAWL_END

#pragma once
// The other end of a spawned task.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/task/context.hpp>
#include <pawl/task/resume.hpp>
#include <pawl/task/root_coroutine.hpp>

#include <coroutine>
#include <utility>

PAWL_BEGIN

namespace detail {

// Awaits the end of a root coroutine, which it owns.
template <class T>
class join_awaiter {
 public:
  explicit join_awaiter(root_owner<T> root) noexcept : root_(std::move(root)) {}
  join_awaiter(const join_awaiter&) = delete;
  join_awaiter& operator=(const join_awaiter&) = delete;

  bool await_ready() const noexcept { return root_->is_finished(); }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
    item_.coroutine.write(by);
    return root_->try_await(item_, scheduler_of(by));
  }

  result<T> await_resume() { return root_->take_result(); }

 private:
  root_owner<T> root_;
  resume_item item_;
};

}  // namespace detail

// Owns the interest in a spawned task. Dropping it detaches the task, which goes on (JOIN-DROP); an
// exception that leaves a detached task goes to on_unhandled.
//
// The result of a join is what the task returned; or, if an operation_failed left the task (the
// exception of result<…>::value()), its error, e.g. `cancelled` after abort(); any other exception
// is rethrown to the joiner. Joining is not cancellable: it waits for the task, which can be.
// Memory ordering: everything the task did happens before the return of the join (JOIN-HB).
template <class T = void>
class [[nodiscard("dropping the handle detaches the task")]] join_handle {
 public:
  explicit join_handle(detail::root_owner<T> root) noexcept : root_(std::move(root)) {}

  // Returns: whether there is a task to join: false after a move or a join.
  explicit operator bool() const noexcept { return static_cast<bool>(root_); }

  // Effects: requests the task to stop, through its stop token. The task ends by itself.
  // Returns: false if a stop was requested before. Precondition of this and all below: *this.
  bool abort() noexcept { return root_->request_stop(); }

  bool is_finished() const noexcept { return root_->is_finished(); }

  // Effects: `co_await std::move(handle)` waits for the end of the task, and consumes the handle.
  // Where it resumes: on the awaiting coroutine's scheduler, else inline on the task's thread.
  auto operator co_await() && noexcept { return detail::join_awaiter<T>(std::move(root_)); }

  // Effects: as co_await, but blocks the calling thread, which must not be the one that the task
  //   needs to run on.
  result<T> join_blocking() && {
    detail::wait_blocking(*root_);
    return try_join();
  }

  // Effects: takes the result and consumes the handle, if the task has ended.
  // Returns: the result; `would_block` if it has not ended, and the handle stays.
  result<T> try_join() {
    if (!root_->is_finished()) return failure(errc::would_block);
    return std::exchange(root_, {})->take_result();
  }

 private:
  detail::root_owner<T> root_;
};

PAWL_END

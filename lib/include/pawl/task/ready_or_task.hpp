#pragma once
// The awaitable of operations that seldom need a coroutine of their own.

#include <pawl/backend/backend.hpp>
#include <pawl/task/task.hpp>

#include <coroutine>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class R, class Source>
class ready_or_task_awaiter;

}  // namespace detail

// `co_await` it where it is made: if source.look() has the result, nothing is suspended or
// allocated; otherwise it is that of source.make(), a task<R>, which runs in place of the awaiting
// coroutine. `look` gives a pointer of which an R is made, and is called at once; or an optional R,
// which is what the call takes, when it is awaited.
//
// What it holds is in the coroutine's frame, and to write it there takes longer than to look. If a
// pointer is there, nothing else is needed, and compilers need not write it: they have it before
// the rest, and are told at the end, by a destructor of ours, that nobody will read it.
template <class R, class Source>
class [[nodiscard("co_await it")]] ready_or_task {
  using seen = decltype(std::declval<Source&>().look());
  static constexpr bool looks_at_once = std::is_pointer_v<seen>;

 public:
  explicit ready_or_task(Source source)
    requires looks_at_once
      : ready_(source.look()), source_(std::move(source)) {}
  explicit ready_or_task(Source source)
    requires(!looks_at_once)
      : source_(std::move(source)) {}
  ready_or_task(ready_or_task&&) = delete;
  ready_or_task& operator=(ready_or_task&&) = delete;
  ~ready_or_task() {}  // NOLINT(modernize-use-equals-default): see above

  auto operator co_await() && noexcept(noexcept(std::declval<Source&>().look())) {
    if constexpr (looks_at_once) {
      return detail::ready_or_task_awaiter<R, Source>(source_, ready_);
    } else {
      return detail::ready_or_task_awaiter<R, Source>(source_);
    }
  }

 private:
  struct nothing {};

  [[no_unique_address]] std::conditional_t<looks_at_once, seen, nothing> ready_;
  Source source_;
};

namespace detail {

// If the result is there, it writes nothing else.
template <class R, class Source>
class [[nodiscard]] ready_or_task_awaiter {
  using seen = decltype(std::declval<Source&>().look());

 public:
  explicit ready_or_task_awaiter(Source& source) noexcept(noexcept(source.look()))
      : ready_(source.look()) {
    keep_unless_ready(source);
  }
  ready_or_task_awaiter(Source& source, seen ready) noexcept : ready_(ready) {
    keep_unless_ready(source);
  }
  ready_or_task_awaiter(const ready_or_task_awaiter&) = delete;
  ready_or_task_awaiter& operator=(const ready_or_task_awaiter&) = delete;
  ~ready_or_task_awaiter() {
    if (!ready_) [[unlikely]] {
      if (source_ == nullptr) std::destroy_at(&inner_);
    }
  }

  [[nodiscard]] bool await_ready() const noexcept { return static_cast<bool>(ready_); }

  template <class Promise>
  transfer::result await_suspend(std::coroutine_handle<Promise> by) {
    task<R> made = source_->make();
    new (&inner_) task_awaiter<R>(std::move(made).operator co_await());
    source_ = nullptr;
    return inner_.await_suspend(by);
  }

  R await_resume() {
    if (!ready_) [[unlikely]] {
      return inner_.await_resume();
    }
    // A pointer stays in a register; a result that has just been stored would be waited for.
    if constexpr (std::is_pointer_v<seen>) {
      return R(ready_);
    } else {
      return *std::move(ready_);
    }
  }

 private:
  void keep_unless_ready(Source& source) noexcept {
    if (!ready_) [[unlikely]] {
      source_ = &source;
    }
  }

  seen ready_;
  Source* source_;  // if it is not ready: null once inner_ is there
  union {
    task_awaiter<R> inner_;
  };
};

}  // namespace detail

PAWL_END

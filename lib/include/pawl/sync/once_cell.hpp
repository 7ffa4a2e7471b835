#pragma once
// A value that is made when it is first needed, by one of those who need it.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/observed_mutex.hpp>
#include <pawl/sync/recursion.hpp>
#include <pawl/sync/set_once.hpp>
#include <pawl/task/known_frame.hpp>
#include <pawl/task/made_by.hpp>
#include <pawl/task/ready_or_task.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/task.hpp>

#include <concepts>
#include <coroutine>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class F, class T>
concept makes = std::invocable<F&> && std::convertible_to<typename made_by<F>::type, T>;

template <class F, class T>
concept tries_to_make = std::invocable<F&> && requires { typename made_by<F>::type::error_type; } &&
                        std::convertible_to<typename made_by<F>::type::value_type, T>;

template <class F>
using error_of = typename made_by<F>::type::error_type;

}  // namespace detail

// Empty until one of those who ask for the value has made it, by an initializer: a function, or a
// coroutine that returns a task. Those who ask meanwhile wait.
//
// One at a time: of the initializers of concurrent calls one runs (CELL-ONE). If it throws, returns
//   an error, or its coroutine is destroyed, the cell is as it was, and the next call in the queue
//   runs its own, in call order (CELL-NEXT). An initializer that asks its own cell, or waits for
//   it, waits for itself; built with PAWL_DEBUG, the inner call throws std::logic_error instead,
//   unless it has a stop_token or a deadline.
// Four ways to wait: co_await get_or_init(f) · the same with a stop_token or a deadline, first
//   argument · get_or_init_blocking(f) from a plain thread, f a function · try_get_or_init(f). Each
//   gives result<T*>; errors: cancelled, timed_out, while another call is making the value; of a
//   try would_block. So do wait() and its relatives, which never make it.
// Cancel safety: who stops waiting leaves no trace. A stop or deadline ends the wait for the turn,
//   not the initializer, whose own affair that is: a task inherits the stop token of who awaits it.
// Memory ordering: making the value happens before the return of whatever gives it (CELL-HB).
// Allocation: none if the value is there, nor in waiting; a call that may make it is a coroutine of
//   its own, with a frame.
// Complexity: one load if the value is there.
template <class T>
class once_cell {
  static constexpr bool is_told = detail::known_frame::is_known;  // who waits for himself

 public:
  constexpr once_cell() noexcept : right_(while_making()) {}

  // Effects: is born with the value.
  explicit once_cell(T value) : right_(on_unwind::release), value_(std::move(value)) {
    right_.poison();
  }

  // Effects: has a copy of the value, if there is one.
  once_cell(const once_cell& other)
    requires std::copy_constructible<T>
      : right_(on_unwind::release) {
    if (const T* const there = other.get()) static_cast<void>(finish(*there));
  }
  once_cell& operator=(const once_cell&) = delete;

  // Precondition: no call is in progress.
  ~once_cell() = default;

  // Returns: where the value is, valid until destruction or take(); null if there is none yet.
  [[nodiscard]] T* get() noexcept { return value_.get(); }
  [[nodiscard]] const T* get() const noexcept { return value_.get(); }
  [[nodiscard]] bool is_initialized() const noexcept { return value_.is_set(); }

  // Effects: as the member functions of set_once: waits until somebody else has made it.
  auto wait() noexcept {
    if constexpr (is_told) {
      using op = decltype(value_.wait());
      return observed_lock_op<once_cell, op>(*this, [this]() noexcept { return value_.wait(); });
    } else {
      return value_.wait();
    }
  }
  auto wait(stop_token token) noexcept { return value_.wait(token); }
  auto wait_until(steady_clock::time_point deadline) noexcept {
    return value_.wait_until(deadline);
  }
  auto wait_for(steady_clock::duration timeout) noexcept { return value_.wait_for(timeout); }
  result<T*> wait_blocking() noexcept(!is_told) {
    if constexpr (is_told) {
      if (!is_initialized()) right_to_make().refuse_thread();
    }
    return value_.wait_blocking();
  }
  result<T*> wait_blocking(stop_token token) noexcept { return value_.wait_blocking(token); }
  result<T*> wait_blocking_until(steady_clock::time_point deadline) noexcept {
    return value_.wait_blocking_until(deadline);
  }
  result<T*> wait_blocking_for(steady_clock::duration timeout) noexcept {
    return value_.wait_blocking_for(timeout);
  }

  // Effects: makes the value with f, unless it is there, or another call makes it first.
  template <detail::makes<T> F>
  auto get_or_init(F f) {
    return make([](mutex<>& right) { return right.lock(); }, std::move(f));
  }
  template <detail::makes<T> F>
  auto get_or_init(stop_token token, F f) {
    return make([token](mutex<>& right) { return right.lock(token); }, std::move(f));
  }
  template <detail::makes<T> F>
  auto get_or_init_until(steady_clock::time_point deadline, F f) {
    return make([deadline](mutex<>& right) { return right.lock_until(deadline); }, std::move(f));
  }
  template <detail::makes<T> F>
  auto get_or_init_for(steady_clock::duration timeout, F f) {
    return get_or_init_until(detail::deadline_after(timeout), std::move(f));
  }

  // Effects: as the call of the same arguments, for a thread: it blocks while others make the
  //   value, and runs f itself.
  template <detail::makes<T> F>
  result<T*> get_or_init_blocking(F f) {
    return make_here([&] { return right_.lock_blocking(); }, f);
  }
  template <detail::makes<T> F>
  result<T*> get_or_init_blocking(stop_token token, F f) {
    return make_here([&] { return right_.lock_blocking(token); }, f);
  }
  template <detail::makes<T> F>
  result<T*> get_or_init_blocking_until(steady_clock::time_point deadline, F f) {
    return make_here([&] { return right_.lock_blocking_until(deadline); }, f);
  }
  template <detail::makes<T> F>
  result<T*> get_or_init_blocking_for(steady_clock::duration timeout, F f) {
    return get_or_init_blocking_until(detail::deadline_after(timeout), std::move(f));
  }

  // Effects: as above, if nobody else is making the value. Returns: would_block otherwise.
  template <detail::makes<T> F>
  result<T*> try_get_or_init(F f) {
    return make_here([&] { return right_.try_lock(); }, f);
  }

  // Effects: as get_or_init, for an f that makes a tl::expected<T, E>, or a task of one.
  // Returns: tl::expected<T*, E>. If f fails, its error, and the next call tries. With a stop_token
  //   or a deadline, E must be constructible from a pawl::error, which says why the wait ended.
  template <detail::tries_to_make<T> F>
  auto get_or_try_init(F f) {
    return try_make([](mutex<>& right) { return right.lock(); }, std::move(f));
  }
  template <detail::tries_to_make<T> F>
    requires std::constructible_from<detail::error_of<F>, error>
  auto get_or_try_init(stop_token token, F f) {
    return try_make([token](mutex<>& right) { return right.lock(token); }, std::move(f));
  }
  template <detail::tries_to_make<T> F>
    requires std::constructible_from<detail::error_of<F>, error>
  auto get_or_try_init_until(steady_clock::time_point deadline, F f) {
    return try_make([deadline](mutex<>& right) { return right.lock_until(deadline); },
                    std::move(f));
  }
  template <detail::tries_to_make<T> F>
    requires std::constructible_from<detail::error_of<F>, error>
  auto get_or_try_init_for(steady_clock::duration timeout, F f) {
    return get_or_try_init_until(detail::deadline_after(timeout), std::move(f));
  }
  template <detail::tries_to_make<T> F>
  tl::expected<T*, detail::error_of<F>> get_or_try_init_blocking(F f) {
    return try_here([&] { return right_.lock_blocking(); }, f);
  }
  template <detail::tries_to_make<T> F>
    requires std::constructible_from<detail::error_of<F>, error>
  tl::expected<T*, detail::error_of<F>> get_or_try_init_blocking(stop_token token, F f) {
    return try_here([&] { return right_.lock_blocking(token); }, f);
  }
  template <detail::tries_to_make<T> F>
    requires std::constructible_from<detail::error_of<F>, error>
  tl::expected<T*, detail::error_of<F>> get_or_try_init_blocking_until(
      steady_clock::time_point deadline, F f) {
    return try_here([&] { return right_.lock_blocking_until(deadline); }, f);
  }
  template <detail::tries_to_make<T> F>
    requires std::constructible_from<detail::error_of<F>, error>
  tl::expected<T*, detail::error_of<F>> get_or_try_init_blocking_for(steady_clock::duration timeout,
                                                                     F f) {
    return get_or_try_init_blocking_until(detail::deadline_after(timeout), std::move(f));
  }
  template <detail::tries_to_make<T> F>
    requires std::constructible_from<detail::error_of<F>, error>
  tl::expected<T*, detail::error_of<F>> try_get_or_try_init(F f) {
    return try_here([&] { return right_.try_lock(); }, f);
  }

  // Effects: waits in turn, also while another call makes a value, and sets it, if there is none
  //   then. co_await it.
  // Returns: where it is; or `value` again: closed.
  task<tl::expected<T*, refused_value<T>>> set(T value) {
    const auto mine = co_await right_.lock();
    co_return set_if_granted(mine, std::move(value));
  }
  tl::expected<T*, refused_value<T>> set_blocking(T value) {
    return set_if_granted(right_.lock_blocking(), std::move(value));
  }

  // Effects: as set, if nobody else is making the value. Returns: would_block otherwise.
  tl::expected<T*, refused_value<T>> try_set(T value) {
    return set_if_granted(right_.try_lock(), std::move(value));
  }

  // Effects: there is no value any more: the next call makes one. Returns: the value; nothing if
  //   there was none. Precondition: nobody waits, no other call is in progress.
  std::optional<T> take() {
    std::optional<T> taken = std::move(value_).take();
    if (!taken) return taken;
    std::destroy_at(&value_);
    std::construct_at(&value_);
    std::destroy_at(&right_);
    std::construct_at(&right_, while_making());
    return taken;
  }

  // Returns: whether both are empty, or have equal values.
  friend bool operator==(const once_cell& a, const once_cell& b)
    requires std::equality_comparable<T>
  {
    const T* const of_a = a.get();
    const T* const of_b = b.get();
    if (of_a == nullptr || of_b == nullptr) return of_a == of_b;
    return *of_a == *of_b;
  }

 private:
  template <class Mutex, class Op>
  friend class detail::observed_lock_awaiter;

  // Who waits for somebody else's value, as observed_lock_op calls it.
  class call {
   public:
    call() noexcept = default;
    template <class Promise>
    explicit call(std::coroutine_handle<Promise> by) noexcept
        : frame_(detail::known_frame_of(by)) {}

    void waits() const noexcept {}
    void waits_not() const noexcept {}
    [[nodiscard]] const detail::known_frame* frame() const noexcept { return frame_; }

   private:
    const detail::known_frame* frame_ = nullptr;
  };
  void admit(const call& by) const {
    if (!is_initialized()) right_to_make().refuse_task(by.frame());
  }
  static result<T*> enter(result<T*> ended, const call& /*by*/) noexcept { return ended; }

  // Whoever has it and waits, waits for himself.
  [[nodiscard]] detail::wanted_lock right_to_make() const noexcept {
    return {"once_cell", &right_, 1, [](count_t, count_t) noexcept { return true; }};
  }

  static constexpr on_unwind while_making() noexcept {
    return fault::failure_poisons ? on_unwind::poison : on_unwind::release;
  }

  // The right to make the value: a lock, refused for good when the value is there.
  using right = result<mutex<>::guard>;

  template <class U>
  T* finish(U&& value) {
    T* const here = value_.emplace(std::forward<U>(value));
    if (!fault::made_again) right_.poison();
    return here;
  }

  template <class Made>
  tl::expected<T*, typename Made::error_type> finish_if_made(Made made) {
    if (!made) return tl::unexpected(std::move(made).error());
    return finish(*std::move(made));
  }

  // Why a call was not given the right: because the value is there, which then is the answer.
  template <class E>
  tl::expected<T*, E> without_right(const error& why) {
    if (why.code == errc::poisoned && !fault::late_refused) return get();
    if constexpr (std::constructible_from<E, error>) {
      return tl::unexpected<E>(E(why));
    } else {
      __builtin_unreachable();  // a plain wait ends otherwise only so
    }
  }

  tl::expected<T*, refused_value<T>> set_if_granted(const right& mine, T value) {
    if (mine) return finish(std::move(value));
    const errc why = mine.error().code;
    const errc told = why == errc::poisoned ? errc::closed : why;
    return tl::unexpected(refused_value<T>{{told}, std::move(value)});
  }

  template <class Lock, class F>
  result<T*> make_here(Lock lock, F& f) {
    static_assert(!detail::made_by<F>::is_task, "a thread runs a function, not a task");
    if (T* const there = get()) return there;
    const right mine = lock();
    if (!mine) return without_right<error>(mine.error());
    return finish(std::invoke(f));
  }

  template <class Lock, class F>
  tl::expected<T*, detail::error_of<F>> try_here(Lock lock, F& f) {
    static_assert(!detail::made_by<F>::is_task, "a thread runs a function, not a task");
    if (T* const there = get()) return there;
    const right mine = lock();
    if (!mine) return without_right<detail::error_of<F>>(mine.error());
    return finish_if_made(std::invoke(f));
  }

  // A call that makes the value, unless it is there; `lock` waits for the right to.
  template <class Lock, class F>
  struct making {
    once_cell& cell;
    [[no_unique_address]] Lock lock;
    [[no_unique_address]] F f;

    T* look() const noexcept { return cell.get(); }
    auto make() { return cell.make_in_turn(std::move(lock), std::move(f)); }
  };
  template <class Lock, class F>
  struct trying : making<Lock, F> {
    auto make() { return this->cell.try_in_turn(std::move(this->lock), std::move(this->f)); }
  };

  template <class Lock, class F>
  auto make(Lock lock, F f) {
    using call = making<Lock, F>;
    return ready_or_task<result<T*>, call>(call{*this, std::move(lock), std::move(f)});
  }
  template <class Lock, class F>
  auto try_make(Lock lock, F f) {
    using call = trying<Lock, F>;
    using outcome = tl::expected<T*, detail::error_of<F>>;
    return ready_or_task<outcome, call>(call{{*this, std::move(lock), std::move(f)}});
  }

  template <class Lock, class F>
  task<result<T*>> make_in_turn(Lock lock, F f) {
    const right mine = co_await lock(right_);
    if (!mine) co_return without_right<error>(mine.error());
    if constexpr (detail::made_by<F>::is_task) {
      co_return finish(co_await std::invoke(f));
    } else {
      co_return finish(std::invoke(f));
    }
  }

  template <class Lock, class F>
  task<tl::expected<T*, detail::error_of<F>>> try_in_turn(Lock lock, F f) {
    const right mine = co_await lock(right_);
    if (!mine) co_return without_right<detail::error_of<F>>(mine.error());
    if constexpr (detail::made_by<F>::is_task) {
      co_return finish_if_made(co_await std::invoke(f));
    } else {
      co_return finish_if_made(std::invoke(f));
    }
  }

  mutex<> right_;
  set_once<T> value_;
};

template <class T>
once_cell(T) -> once_cell<T>;

PAWL_END

// linearizable<Spec>: whatever concurrent calls return, a sequential object could have returned in
// some order of them. docs/linearizability.md explains it by examples.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include <pawl/check/claims.hpp>
#include <pawl/check/history.hpp>
#include <pawl/check/spell.hpp>

namespace pawl::check {

/// What an operation of a specification returns that has to wait: the state in which it can't take
/// effect says `blocked`, and what the operation did to the object there does not count.
struct blocked_t {
  explicit constexpr blocked_t() = default;
};
inline constexpr blocked_t blocked{};

template <class R = void>
class blocking {
 public:
  blocking(blocked_t) noexcept {}
  template <class T = R>
    requires(std::convertible_to<T, R> && !std::same_as<std::remove_cvref_t<T>, blocking>)
  blocking(T&& result) : result_(std::forward<T>(result)) {}

  [[nodiscard]] bool is_blocked() const noexcept { return !result_; }
  /// Precondition: !is_blocked().
  [[nodiscard]] const R& result() const { return *result_; }

 private:
  std::optional<R> result_;
};

template <>
class blocking<void> {
 public:
  blocking() noexcept = default;
  blocking(blocked_t) noexcept : is_blocked_(true) {}

  [[nodiscard]] bool is_blocked() const noexcept { return is_blocked_; }

 private:
  bool is_blocked_ = false;
};

/// Names a call to its specification. All that it tells is which call is which.
enum class ticket : std::uint32_t {};

namespace detail {

/// What an operation that returns nothing returns.
struct no_result {
  friend bool operator==(no_result, no_result) = default;
};

template <class R>
struct result_of {
  using type = R;
};
template <>
struct result_of<void> {
  using type = no_result;
};
template <class R>
struct result_of<blocking<R>> : result_of<R> {};

template <class Spec>
struct specified_object final : rt::sequential_object {
  explicit specified_object(const Spec& s) : state(s) {}
  [[nodiscard]] std::unique_ptr<sequential_object> clone() const override {
    return std::make_unique<specified_object>(state);
  }
  [[nodiscard]] bool equals(const sequential_object& other) const override {
    return state == static_cast<const specified_object&>(other).state;
  }
  Spec state;
};

template <class Result>
struct returning_call : rt::history_call {
  using history_call::history_call;
  std::optional<Result> result;
};

/// The members of a specification that make up one operation: what it does; or a request, what it
/// does when its turn has come, and how it is cancelled before.
template <class Spec, auto... Members>
struct operation {
  static constexpr std::size_t count = sizeof...(Members);
  static_assert(count >= 1 && count <= 3,
                "an operation is one member of the specification, or a request, what follows it, "
                "and how it is cancelled");
  static constexpr bool has_request = count > 1;
  static constexpr bool is_cancellable = count != 2;

  template <std::size_t I>
  static constexpr auto member = std::get<I>(std::tuple(Members...));
  static constexpr std::size_t effect_at = has_request ? 1 : 0;
  static constexpr auto effect = member<effect_at>;

  /// What the member returns for the object; those of an operation with a request know the ticket.
  template <class Member, class... Args>
  static decltype(auto) invoke(Member m, Spec& object, ticket t, const Args&... args) {
    if constexpr (has_request)
      return std::invoke(m, object, t, args...);
    else
      return std::invoke(m, object, args...);
  }
  template <class... Args>
  using result =
      typename result_of<decltype(invoke(effect, std::declval<Spec&>(), ticket{},
                                         std::declval<const std::decay_t<Args>&>()...))>::type;
};

template <class Spec, class Operation, class... Args>
class specified_call final : public returning_call<typename Operation::template result<Args...>> {
  using base = returning_call<typename Operation::template result<Args...>>;

 public:
  explicit specified_call(const Args&... args)
      : base(Operation::has_request, Operation::count == 3), args_(args...) {}

  [[nodiscard]] bool apply(rt::call_part part, rt::sequential_object& o) const override {
    Spec& object = static_cast<specified_object<Spec>&>(o).state;
    if constexpr (Operation::has_request) {
      if (part == rt::call_part::request) return invoke(Operation::template member<0>, object);
    }
    if constexpr (Operation::count == 3) {
      if (part == rt::call_part::cancellation) return invoke(Operation::template member<2>, object);
    }
    return invoke(Operation::effect, object, this->result);
  }

  [[nodiscard]] std::string text() const override {
    std::string out = spell_member<Operation::effect>() + "(";
    std::apply(
        [&](const auto&... args) {
          [[maybe_unused]] const char* between = "";
          ((out += std::exchange(between, ", ") + spell(args)), ...);
        },
        args_);
    out += ")";
    if constexpr (!std::same_as<typename Operation::template result<Args...>, no_result>) {
      if (this->result) out += " = " + spell(*this->result);
    }
    return out;
  }

 private:
  // True if the member takes effect, and returns what the call did.
  template <class Member, class Result = no_result>
  bool invoke(Member m, Spec& object, const std::optional<Result>& expected = {}) const {
    return std::apply(
        [&](const auto&... args) {
          const auto number = static_cast<ticket>(this->number);
          using returned = decltype(Operation::invoke(m, object, number, args...));
          if constexpr (std::is_void_v<returned>) {
            Operation::invoke(m, object, number, args...);
            return true;
          } else {
            return fits(Operation::invoke(m, object, number, args...), expected);
          }
        },
        args_);
  }

  template <class R, class Result>
  static bool fits(const R& returned, const std::optional<Result>& expected) {
    if constexpr (std::same_as<Result, no_result>)
      return true;
    else
      return !expected || *expected == returned;
  }
  template <class R, class Result>
  static bool fits(const blocking<R>& returned, const std::optional<Result>& expected) {
    if (returned.is_blocked()) return false;
    if constexpr (std::is_void_v<R>)
      return true;
    else
      return fits(returned.result(), expected);
  }

  std::tuple<Args...> args_;
};

}  // namespace detail

/// A call that has started. Copies stand for the same call, and are of no use when the execution
/// has ended. Any thread may say how the call goes on.
template <class Result, bool Cancellable>
class started_call {
  using call = detail::returning_call<Result>;

 public:
  explicit started_call(call& c) noexcept : call_(&c) {}

  /// Effects: says that the request was made at the latest now. So what starts after this comes
  ///   behind it. For calls that return to their caller before they end, like coroutines.
  void requested() const { rt::note_request(*call_); }

  /// Effects: says that the call has returned this, or nothing.
  template <class R>
  void returned(const R& result) const {
    {
      const unmodelled outside;
      call_->result.emplace(result);
    }
    rt::end_call(*call_, call::ending::returned);
  }
  void returned() const
    requires std::same_as<Result, detail::no_result>
  {
    returned(Result{});
  }

  /// Effects: says that the call has ended without effect.
  void cancelled() const
    requires Cancellable
  {
    rt::end_call(*call_, call::ending::cancelled);
  }

 private:
  call* call_;
};

/// Records calls of an object, and judges when the execution ends whether they are those of a
/// sequential one.
///
/// `Spec` is a class that can be copied and compared. An operation is a member function of it, or
/// three: see docs/linearizability.md. When the execution ends, there must be an order of all calls
/// in which the members, called one after the other on a copy of `initial`, return what the calls
/// did; a call that happens before another one comes before it. Of calls that have not ended when
/// all threads have, the members must say that they are blocked in the end. Otherwise that is a
/// `not_linearizable` bug. Executions that an assumption discards are not judged.
///
/// Calls happen before each other by what the program itself synchronises, before or after them:
/// recording is no event, and allocates nothing in the heap of the model. Arguments and results are
/// copied to memory that outlives the execution, so they must not refer to model memory. A history
/// has at most 64 calls. Snapshots are not taken of executions that record one.
template <class Spec>
class linearizable {
  static_assert(std::copy_constructible<Spec> && std::equality_comparable<Spec>,
                "a specification can be copied and compared by ==");

 public:
  using where = std::source_location;

  explicit linearizable(where at = where::current())
    requires std::default_initializable<Spec>
  {
    const unmodelled outside;
    begin(Spec{}, at);
  }
  explicit linearizable(const Spec& initial, where at = where::current()) {
    const unmodelled outside;
    begin(initial, at);
  }
  linearizable(const linearizable&) = delete;
  linearizable& operator=(const linearizable&) = delete;

  /// Effects: calls f(args...), and records it as a call of the operation with these arguments.
  ///   Of an operation that can be cancelled, what f returns is false, or empty, if it was.
  /// Returns: what f does. If f throws, the call has not ended.
  template <auto... Members, class F, class... Args>
  decltype(auto) call(F&& f, const Args&... args) {
    const auto started = start<Members...>(args...);
    if constexpr (std::is_void_v<std::invoke_result_t<F&, const Args&...>>) {
      std::invoke(f, args...);
      started.returned();
    } else {
      auto result = std::invoke(f, args...);
      end<sizeof...(Members) == 3>(started, result);
      return result;
    }
  }

  /// Effects: records that a call of the operation starts.
  template <auto... Members, class... Args>
  auto start(const Args&... args) {
    using operation = detail::operation<Spec, Members...>;
    using call = detail::specified_call<Spec, operation, std::decay_t<const Args>...>;
    const unmodelled outside;
    auto recorded = std::make_unique<call>(args...);
    call& c = *recorded;
    rt::begin_call(history_, std::move(recorded));
    return started_call<typename operation::template result<Args...>, operation::is_cancellable>(c);
  }

  /// Effects: judges the calls so far. Those that have not ended may have taken effect, or been
  ///   cancelled, or neither. So it is at the end of executions that leave threads waiting.
  void check() const { rt::judge_history(history_); }

 private:
  void begin(const Spec& initial, where at) {
    history_ = rt::begin_history(std::make_unique<detail::specified_object<Spec>>(initial),
                                 detail::spell_type<Spec>(), at);
  }

  template <bool Cancellable, class Result, bool B, class R>
  static void end(const started_call<Result, B>& started, const R& result) {
    if constexpr (Cancellable) {
      if (!result) return started.cancelled();
    }
    if constexpr (std::same_as<Result, detail::no_result>)
      started.returned();
    else if constexpr (Cancellable)
      started.returned(*result);
    else
      started.returned(result);
  }

  rt::history_id history_ = 0;
};

}  // namespace pawl::check

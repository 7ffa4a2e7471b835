#pragma once
// The operations of pawl as senders.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/interop/callback_coroutine.hpp>
#include <pawl/interop/receiver.hpp>
#include <pawl/interop/stop_relay.hpp>
#include <pawl/task/awaiter_of.hpp>
#include <pawl/task/stop_token.hpp>

#include <concepts>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

// How `Make` makes an operation: of a stop token, if it takes one.
template <class Make>
decltype(auto) make_operation(Make& make, [[maybe_unused]] stop_token token) noexcept(
    std::is_invocable_v<Make&, stop_token> ? std::is_nothrow_invocable_v<Make&, stop_token>
                                           : std::is_nothrow_invocable_v<Make&>) {
  if constexpr (std::is_invocable_v<Make&, stop_token>) {
    return make(token);
  } else {
    return make();
  }
}

template <class R>
struct success_of {
  using type = R;
};
template <class T>
struct success_of<result<T>> {
  using type = T;
};

template <class Operation>
inline constexpr bool is_nothrow_awaitable =
    noexcept(std::declval<Operation>().operator co_await());
template <class Awaiter>
using outcome_of = decltype(std::declval<Awaiter&>().await_resume());
template <class Awaiter>
inline constexpr bool is_nothrow_outcome = noexcept(std::declval<Awaiter&>().await_resume());

// What awaiting the operation that a Make makes is like.
template <class Make>
struct making {
  using operation = decltype(make_operation(std::declval<Make&>(), stop_token()));
  using awaiter = decltype(awaiter_of(std::declval<operation>()));
  using outcome = outcome_of<awaiter>;
  using value = typename success_of<outcome>::type;

  static constexpr bool may_throw =
      !noexcept(make_operation(std::declval<Make&>(), stop_token())) ||
      !is_nothrow_awaitable<operation> || !callback_coroutine::is_nothrow_suspend<awaiter> ||
      !is_nothrow_outcome<awaiter>;
};

// What a Make makes can be awaited later, when all temporaries of the call are gone.
template <class Make>
concept makes_operation = !requires {
  requires std::remove_cvref_t<typename making<Make>::operation>::borrows_temporary;
};

// The operation, and its awaiter.
template <class Make>
struct awaiting {
  awaiting(Make& make, stop_token token)
      : operation(make_operation(make, token)), awaiter(awaiter_of(std::move(operation))) {}

  // Returns: the outcome, as a result whatever it is.
  auto end() {
    using outcome = typename making<Make>::outcome;
    using value = typename making<Make>::value;
    if constexpr (std::is_void_v<outcome>) {
      awaiter.await_resume();
      return result<void>();
    } else {
      return result<value>(awaiter.await_resume());
    }
  }

  typename making<Make>::operation operation;
  typename making<Make>::awaiter awaiter;
};

template <class Value>
struct value_signature {
  using type = set_value_t(Value);
};
template <>
struct value_signature<void> {
  using type = set_value_t();
};

template <class Make>
using signatures_of = std::conditional_t<
    making<Make>::may_throw,
    completion_signatures<typename value_signature<typename making<Make>::value>::type,
                          set_error_t(error), set_error_t(std::exception_ptr), set_stopped_t()>,
    completion_signatures<typename value_signature<typename making<Make>::value>::type,
                          set_error_t(error), set_stopped_t()>>;

}  // namespace detail

// What as_sender(…).connect(receiver) gives. Immovable: it holds the wait itself.
template <class Make, class Receiver>
class [[nodiscard]] sender_operation final : detail::callback_coroutine {
  using making = detail::making<Make>;
  using token_type = detail::stop_token_for<Receiver>;

 public:
  sender_operation(Make make, Receiver to)
      : callback_coroutine(&resumed),
        make_(std::move(make)),
        receiver_(std::move(to)),
        relay_(*this) {}

  // Precondition: it was not started, or the receiver was told.
  ~sender_operation() = default;

  // Effects: makes the operation and awaits it. The receiver is told once: inside the call if there
  //   is nothing to wait for. Then *this may be gone.
  // Precondition: it was not started before, and stays alive until the receiver is told.
  void start() & noexcept {
    if (!waits() && relay_.end()) complete();
  }

 private:
  friend detail::stop_relay<token_type, sender_operation>;

  static void resumed(detail::callback_coroutine& self) noexcept {
    auto& me = static_cast<sender_operation&>(self);
    if (fault::told_too_early || me.relay_.end()) me.complete();
    if (fault::told_too_early) (void)me.relay_.end();
  }

  bool waits() noexcept {
    try {
      const auto environment = detail::environment_of(receiver_);
      inherit(detail::scheduler_in(environment), relay_.begin(detail::stop_token_in(environment)));
      awaiting_.emplace(make_, token());
      return !awaiting_->awaiter.await_ready() && suspend(awaiting_->awaiter);
    } catch (...) {
      // Neither registering with a stop token nor room for a frame is expected to fail.
      if constexpr (!making::may_throw) std::terminate();
      thrown_ = std::current_exception();
      return false;
    }
  }

  // Effects: tells the receiver. *this may be gone.
  void complete() noexcept {
    relay_.close();
    auto ended = end();
    awaiting_.reset();
    if (ended) {
      tell(std::move(*ended));
    } else if constexpr (making::may_throw) {
      std::move(receiver_).set_error(std::exchange(thrown_, nullptr));
    }
  }

  // Returns: what the operation has come to; nothing, if by an exception, which is thrown_.
  std::optional<result<typename making::value>> end() noexcept {
    if (thrown_ != nullptr) return std::nullopt;
    try {
      return awaiting_->end();
    } catch (const operation_failed& failed) {
      return tl::unexpected<error>(failed.error());
    } catch (...) {
      thrown_ = std::current_exception();
      return std::nullopt;
    }
  }

  void tell(result<typename making::value> ended) noexcept {
    if (!ended && ended.error().code == errc::cancelled) {
      std::move(receiver_).set_stopped();
    } else if (!ended) {
      std::move(receiver_).set_error(ended.error());
    } else if constexpr (std::is_void_v<typename making::value>) {
      std::move(receiver_).set_value();
    } else {
      std::move(receiver_).set_value(*std::move(ended));
    }
  }

  [[no_unique_address]] Make make_;
  Receiver receiver_;
  [[no_unique_address]] detail::stop_relay<token_type, sender_operation> relay_;
  std::optional<detail::awaiting<Make>> awaiting_;
  std::exception_ptr thrown_;
};

// What as_sender gives. Can be connected as often as Make can be copied.
template <class Make>
class [[nodiscard]] operation_sender {
 public:
  using value_type = typename detail::making<Make>::value;
  using completion_signatures = detail::signatures_of<Make>;

  explicit operation_sender(Make make) : make_(std::move(make)) {}

  // Returns: the operation, to be started where it is. Nothing has happened.
  template <receiver_of<value_type> Receiver>
  sender_operation<Make, Receiver> connect(Receiver to) && {
    return sender_operation<Make, Receiver>(std::move(make_), std::move(to));
  }
  template <receiver_of<value_type> Receiver>
  sender_operation<Make, Receiver> connect(Receiver to) const& {
    return sender_operation<Make, Receiver>(make_, std::move(to));
  }

 private:
  [[no_unique_address]] Make make_;
};

// Returns: a sender of the operation that make(token) returns, or make(); the token is the
//   receiver's. It may be any that pawl has to be awaited, a task included, but `cooperative`,
//   which only refers to an operation:
//
//   as_sender([&](pawl::stop_token t) { return slots.acquire(2, t); })
//
// Effects, when it is started: calls make, and awaits what that returns. Its place in a queue is
//   that of a coroutine which awaits at this moment.
// Completes with set_value of what the co_await would have given, of a result its value; with
//   set_stopped if that is `cancelled`, with set_error(pawl::error) if it is another error, with
//   set_error(std::exception_ptr) if make or the operation throws. (An operation_failed counts as
//   its error. If nothing can throw, completion_signatures does not say so; a lambda is noexcept
//   only if it says so.)
// Where it completes: in start(), if there is nothing to wait for; else where the coroutine would
//   have been resumed whose scheduler is the receiver's: on that, or inline at the end of the call
//   that settled the wait, when everything is in a consistent state.
// Cancel safety: as the operation has it. A stop request reaches what was made with the token. Once
//   started, the sender_operation must live until its receiver is told.
// Memory ordering: as that of the operation; its end happens before the receiver is told.
// Complexity: that of the operation. Nothing is allocated, but what the operation, or registering
//   with a foreign stop token, does.
template <class Make>
  requires detail::makes_operation<Make>
operation_sender<Make> as_sender(Make make) {
  return operation_sender<Make>(std::move(make));
}

PAWL_END

#pragma once
// Foreign stop tokens.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/task/stop_token.hpp>

#include <cstdint>
#include <optional>
#include <stop_token>

PAWL_BEGIN

namespace detail {

template <class Token, class F>
struct stop_callback_of {
  using type = typename Token::template callback_type<F>;
};
template <class F>
struct stop_callback_of<std::stop_token, F> {
  using type = std::stop_callback<F>;
};

// Passes the stop requests of a Token on to an operation of ours, its Owner, until that completes.
// Nobody may complete it, and destroy it, while a request is being passed on: then who passes it on
// completes it, as the last thing that he does. So no callback is waited for that runs what others
// wrote.
//
//   phase bit  | says                               | set by              | cleared by
//   forwarding | a request is being passed on       | who requests a stop | the same
//   ended      | the operation is to be completed   | whoever settled it  | nobody
template <class Token, class Owner>
class stop_relay {
 public:
  explicit stop_relay(Owner& owner) noexcept : owner_(owner) {}
  stop_relay(const stop_relay&) = delete;
  stop_relay& operator=(const stop_relay&) = delete;

  // Effects: from now on requests are passed on. Returns: the token by which they come.
  stop_token begin(const Token& token) {
    if (!token.stop_possible()) return {};
    callback_.emplace(token, forwarder{*this});
    return source_.get_token();
  }

  // Effects: the operation is settled. Returns: whether the caller is to complete it; otherwise who
  //   passes a request on does, and it may be gone.
  [[nodiscard]] bool end() noexcept {
    // [relay.1] release: the outcome is there for who passes a request on; pairs with [relay.2]. If
    // he is through, the destructor of his callback orders that (close).
    const memory_order order = fault::order_unless(fault::weak_relay, memory_order_release);
    return (phase_.fetch_or(ended, order) & forwarding) == 0 || fault::forwarder_ignored;
  }

  // Effects: nothing is passed on any more. Waits for nobody, or for a fixed number of steps of
  //   who requests a stop.
  void close() noexcept { callback_.reset(); }

 private:
  using bits = std::uint8_t;
  static constexpr bits forwarding = 1;
  static constexpr bits ended = 2;

  struct forwarder {
    stop_relay& to;
    void operator()() const noexcept { to.forward(); }
  };

  void forward() noexcept {
    // [relay.3] relaxed: who finds the operation ended touches nothing; else [relay.2] follows.
    if ((phase_.fetch_or(forwarding, memory_order_relaxed) & ended) != 0) return;
    source_.request_stop();
    // [relay.2] acquire: the outcome is there; pairs with [relay.1].
    const bits before = phase_.fetch_and(static_cast<bits>(~forwarding), memory_order_acquire);
    if ((before & ended) != 0) owner_.complete();
  }

  Owner& owner_;
  stop_source source_;
  atomic<bits> phase_{0};
  std::optional<typename stop_callback_of<Token, forwarder>::type> callback_;
};

// Ours needs none of that.
template <class Owner>
class stop_relay<stop_token, Owner> {
 public:
  explicit stop_relay(Owner&) noexcept {}

  stop_token begin(stop_token token) noexcept { return token; }
  [[nodiscard]] bool end() noexcept { return true; }
  void close() noexcept {}
};

}  // namespace detail

PAWL_END

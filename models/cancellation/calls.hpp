#pragma once
// Calls of the cancellation tree: coroutines that wait for it (models/support.hpp), and nodes that
// count their calls.

#include <pawl/task/cancellation_source.hpp>
#include <pawl/task/cancellation_trigger.hpp>

#include <optional>
#include <utility>

#include "../support.hpp"

namespace models {

using pawl::cancellation_source;
using pawl::cancellation_token;
using pawl::errc;
using pawl::stop_reason;

inline constexpr stop_reason reason_of(std::uint64_t value) {
  return {stop_reason::kind::requested, value};
}

// Returns: the value of the reason, or why the wait failed.
inline pawl::result<count_t> value_of(const pawl::result<stop_reason>& r) {
  return r.map([](stop_reason why) { return why.value; });
}

inline call wait(cancellation_token token) {
  const auto r = co_await token.cancelled();
  co_return value_of(r);
}
inline call wait(in_waker, cancellation_token token) {
  const auto r = co_await token.cancelled();
  co_return value_of(r);
}
inline call wait(cancellation_token token, pawl::stop_token stop) {
  const auto r = co_await token.cancelled(stop);
  co_return value_of(r);
}
inline call wait_in_time(cancellation_token token) {
  const auto r = co_await token.cancelled_for(std::chrono::seconds(1));
  co_return value_of(r);
}

// Counts how often it is called, while it is attached.
class counting_node : pawl::stop_node {
 public:
  explicit counting_node(pawl::stop_token token) : stop_node(&count), token_(token) {
    attached_ = token_.attach(*this);
  }

  bool is_attached() const { return attached_; }
  bool try_detach() { return token_.try_detach(*this); }
  unsigned calls() const { return calls_.load(pawl::memory_order_relaxed); }

 private:
  static void count(stop_node& self) noexcept {
    static_cast<counting_node&>(self).calls_.fetch_add(1, pawl::memory_order_relaxed);
  }

  const pawl::stop_token token_;
  bool attached_ = false;
  pawl::atomic<unsigned> calls_{0};
};

// As a member of an optional: a source that may end.
using mortal = std::optional<cancellation_source>;

}  // namespace models

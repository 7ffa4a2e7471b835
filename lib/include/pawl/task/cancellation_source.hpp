#pragma once
// Cancellation of whole trees: sources that stop when their parent does.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/task/cancellation_tree.hpp>
#include <pawl/task/cancelled_op.hpp>
#include <pawl/task/stop_token.hpp>

#include <optional>
#include <utility>

PAWL_BEGIN

class cancellation_source;

namespace detail {
class cancellation_trigger;
}

// Asks whether a source was cancelled, or waits for it. Borrows its source, which must outlive it
// and what it waits for. A default constructed token is never cancelled.
class cancellation_token {
 public:
  constexpr cancellation_token() noexcept = default;

  // Memory ordering: if true, what happened before the request happened before this call.
  [[nodiscard]] bool stop_requested() const noexcept;
  [[nodiscard]] bool stop_possible() const noexcept { return source_ != nullptr; }

  // Returns: why it was cancelled; nothing, if it was not.
  // Memory ordering: as stop_requested.
  [[nodiscard]] std::optional<stop_reason> reason() const noexcept;

  // Returns: the same as a stop_token, for whatever takes one.
  [[nodiscard]] stop_token get_stop_token() const noexcept;
  operator stop_token() const noexcept { return get_stop_token(); }

  // Effects: `co_await token.cancelled()` waits until the source is cancelled, by itself or through
  //   a parent; with a stop_token, a deadline, a timeout: or until then. See cancelled_op.
  // Returns: result<stop_reason>: why; errors: `cancelled`, if the stop_token ended the wait, and
  //   `timed_out`. If the source is cancelled as well, that is the result.
  [[nodiscard("co_await it")]] cancelled_op cancelled() const noexcept { return {node(), {}}; }
  [[nodiscard("co_await it")]] cancelled_op cancelled(stop_token stop) const noexcept {
    return {node(), stop};
  }
  [[nodiscard("co_await it")]] cancelled_op cancelled_until(
      steady_clock::time_point deadline) const noexcept {
    return {node(), deadline};
  }
  [[nodiscard("co_await it")]] cancelled_op cancelled_for(
      steady_clock::duration timeout) const noexcept;

  // Effects: as cancelled() of the same arguments, but blocks the calling thread. Runs on it what
  //   was put off, before it blocks. (stop_requested() is the form that does not wait.)
  [[nodiscard]] result<stop_reason> cancelled_blocking() const noexcept;
  [[nodiscard]] result<stop_reason> cancelled_blocking(stop_token stop) const noexcept;
  [[nodiscard]] result<stop_reason> cancelled_blocking_until(
      steady_clock::time_point deadline) const noexcept;
  [[nodiscard]] result<stop_reason> cancelled_blocking_for(
      steady_clock::duration timeout) const noexcept;

  friend bool operator==(cancellation_token, cancellation_token) noexcept = default;

 private:
  friend cancellation_source;
  constexpr explicit cancellation_token(cancellation_source& source) noexcept : source_(&source) {}

  [[nodiscard]] detail::cancellation_node* node() const noexcept;

  cancellation_source* source_ = nullptr;
};

// A stop_source with a family: whoever is made with the token of another one is its child.
//
// Downwards (CANCEL-DOWN): a source is cancelled with its parent, for the same reason, and never
//   the other way round; the child of a cancelled source is born cancelled.
// Lifetime: the root, which has no parent, must outlive the sources below it. All others may end in
//   any order: the children of one that ends become its parent's (CANCEL-ADOPT). A source may be
//   destroyed while a request_stop of it or of a source above is in progress, by a node that this
//   runs, too (CANCEL-DESTROY); so may the root. Its tokens and their attached nodes end before it.
// In place: nothing is allocated, and a source never moves. Nothing blocks; making, destroying and
//   attaching hold the root's lock for a fixed number of steps.
class cancellation_source {
 public:
  // Effects: makes a root.
  constexpr cancellation_source() noexcept : own_(std::in_place), tree_(&*own_) {}

  // Effects: makes a child of the token's source, born cancelled if that is. If
  //   !parent.stop_possible(), a root.
  // Complexity: constant.
  explicit cancellation_source(cancellation_token parent) noexcept;

  cancellation_source(const cancellation_source&) = delete;
  cancellation_source& operator=(const cancellation_source&) = delete;

  // Precondition: see above.
  // Complexity: constant, however many children there are; for a root, linear in the calls of
  //   request_stop that are in progress, and it may wait for a fixed number of their steps.
  ~cancellation_source();

  cancellation_token get_token() noexcept { return cancellation_token(*this); }
  stop_token get_stop_token() noexcept { return node_.core.get_token(); }
  [[nodiscard]] bool stop_requested() const noexcept { return node_.core.stop_requested(); }
  [[nodiscard]] std::optional<stop_reason> reason() const noexcept;

  // Effects: the first call, of this or of a source above, marks this source and all below, then
  //   calls their attached nodes one at a time, outside every lock: those of a source before those
  //   of its children, of one source the last attached first.
  // Returns: whether it was the first. On every return, this source and all below are cancelled
  //   (CANCEL-ALL); the nodes of those that another call in progress came upon before, that one
  //   calls.
  // Memory ordering: happens before each callback, and before a stop_requested() that sees it.
  // Complexity: O(1) for each source below, each attached node, and each source that other calls in
  //   progress have still to mark, besides what the callbacks do. The lock is dropped in between.
  bool request_stop(stop_reason why = {}) noexcept { return tree_->cancel(node_, why, nullptr); }

 private:
  friend cancellation_token;
  friend detail::cancellation_trigger;

  detail::cancellation_node node_;
  std::optional<detail::cancellation_tree> own_;  // of a root
  detail::cancellation_tree* const tree_;
};

inline detail::cancellation_node* cancellation_token::node() const noexcept {
  return source_ != nullptr ? &source_->node_ : nullptr;
}

PAWL_END

#include <pawl/task/cancellation_source.hpp>

#include <pawl/sync/take.hpp>

#include <cassert>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(cancellation_source) <= 104);
static_assert(sizeof(cancellation_token) == sizeof(void*));
#endif

bool cancellation_token::stop_requested() const noexcept {
  return source_ != nullptr && source_->stop_requested();
}

std::optional<stop_reason> cancellation_token::reason() const noexcept {
  return source_ != nullptr ? source_->reason() : std::nullopt;
}

stop_token cancellation_token::get_stop_token() const noexcept {
  return source_ != nullptr ? source_->get_stop_token() : stop_token();
}

cancelled_op cancellation_token::cancelled_for(steady_clock::duration timeout) const noexcept {
  return cancelled_until(detail::deadline_after(timeout));
}

result<stop_reason> cancellation_token::cancelled_blocking() const noexcept {
  return detail::wait_cancelled_blocking(node(), {});
}

result<stop_reason> cancellation_token::cancelled_blocking(stop_token stop) const noexcept {
  return detail::wait_cancelled_blocking(node(), stop);
}

result<stop_reason> cancellation_token::cancelled_blocking_until(
    steady_clock::time_point deadline) const noexcept {
  return detail::wait_cancelled_blocking(node(), deadline);
}

result<stop_reason> cancellation_token::cancelled_blocking_for(
    steady_clock::duration timeout) const noexcept {
  return cancelled_blocking_until(detail::deadline_after(timeout));
}

cancellation_source::cancellation_source(cancellation_token parent) noexcept
    : tree_(parent.stop_possible() ? parent.source_->tree_ : &own_.emplace()) {
  if (!own_) tree_->add_child(parent.source_->node_, node_);
}

cancellation_source::~cancellation_source() {
  assert((!own_ || node_.children.is_alone()) && "a source was destroyed before its children");
  tree_->remove(node_);
}

std::optional<stop_reason> cancellation_source::reason() const noexcept {
  if (!stop_requested()) return std::nullopt;
  return node_.reason.read();
}

PAWL_END

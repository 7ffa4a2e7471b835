#include <pawl/sync/enabled_wait.hpp>
#include <pawl/sync/inline_queue.hpp>
#include <pawl/sync/take.hpp>

PAWL_BEGIN

using mode = detail::acquire_terms::mode;

enabled_wait::enabled_wait(synchronizer<notifications>& core, terms asked_for) noexcept
    : core_(core), terms_(asked_for) {
  count_t got = terms_.count;
  if (detail::take(core_, got, false) == verdict::granted) {
    got_ = got;
    return;
  }
  wait_.emplace(core_, terms_.count, false, true);
  wait_->arrive();
  detail::run_put_off_inline();
}

enabled_wait::~enabled_wait() {
  if (wait_) {
    wait_->abandon();
  } else if (got_) {
    core_.put_back(*got_);
    detail::run_put_off_inline(1);
  }
}

bool enabled_wait::is_notified() const noexcept {
  return !wait_ || wait_->is_delivered() || core_.look().is_over(terms_.count);
}

bool enabled_wait::suspend(std::coroutine_handle<> by, scheduler* where) noexcept {
  switch (terms_.how) {
    case mode::stoppable:
      return wait_->suspend(by, where, terms_.token);
    case mode::timed:
      return wait_->suspend_until(by, where, terms_.deadline);
    default:
      return wait_->suspend(by, where);
  }
}

result<void> enabled_wait::finish() noexcept {
  if (got_) {
    got_.reset();
    return {};
  }
  const verdict v = wait_->resumed();
  wait_.reset();
  if (v == verdict::granted) return {};
  return tl::unexpected<error>(detail::refusal(v, 0));
}

PAWL_END

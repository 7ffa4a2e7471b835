#include "prediction.hpp"

#include <algorithm>

using pawl::count_t;
using pawl::errc;
using pawl::failure;
using kind = operation::kind;
using outcome = prediction::outcome;

std::optional<outcome> prediction::apply(const operation& op) {
  std::optional<outcome> result = 0;
  switch (op.what) {
    case kind::acquire:
    case kind::acquire_stoppable:
    case kind::acquire_up_to:
      start(op);
      result = std::nullopt;
      break;
    case kind::acquire_briefly:
      result = keep(semaphore_.try_acquire(op.n, op.n));
      if (!*result && result->error().code == errc::would_block) {
        result = failure(errc::timed_out);
      }
      break;
    case kind::try_acquire:
      result = keep(semaphore_.try_acquire(op.n, op.n));
      break;
    case kind::acquire_all:
      result = keep(semaphore_.try_acquire(1, pawl::semaphore::max_permits)).value_or(0);
      break;
    case kind::give_back:
      if (!held_.empty()) semaphore_.release(take_out(op.which));
      break;
    case kind::split:
      result = split(op);
      break;
    case kind::merge:
      result = merge(op);
      break;
    case kind::forget:
      result = take_out(op.which);
      break;
    case kind::release:
      semaphore_.release(op.n);
      break;
    case kind::try_release:
      if (const auto r = semaphore_.try_release(op.n); !r) result = tl::unexpected(r.error());
      break;
    case kind::forget_free:
      result = semaphore_.forget_free(op.n);
      break;
    case kind::shrink:
      semaphore_.shrink(op.n);
      break;
    case kind::stop:
      if (!calls_.empty()) stop(op.which % calls_.size());
      break;
    case kind::destroy:
      if (started_ != 0) destroy(op.which % started_);
      break;
    case kind::poison:
      semaphore_.poison();
      break;
    case kind::close:
      semaphore_.close();
      break;
  }
  end_settled();
  return result;
}

void prediction::start(const operation& op) {
  const std::size_t i = started_++;
  calls_[i].is_stoppable = op.what == kind::acquire_stoppable;
  if (calls_[i].is_stoppable && calls_[i].was_stopped) return end(i, failure(errc::cancelled));
  const bool up_to = op.what == kind::acquire_up_to;
  const count_t most = up_to ? std::min(op.n, pawl::semaphore::max_permits) : op.n;
  const count_t least = up_to ? std::min<count_t>(op.n, 1) : op.n;
  if (const auto at_once = semaphore_.acquire(i, least, most)) end(i, *at_once);
}

void prediction::stop(std::size_t i) {
  expected_call& call = calls_[i];
  call.was_stopped = true;
  const bool waits = i < started_ && !call.how && !call.was_destroyed;
  if (!waits || !call.is_stoppable) return;
  call.how = failure(errc::cancelled);
  semaphore_.withdraw(i);
}

void prediction::destroy(std::size_t i) {
  if (calls_[i].how || calls_[i].was_destroyed) return;
  calls_[i].was_destroyed = true;
  semaphore_.withdraw(i);
}

void prediction::end(std::size_t i, outcome how) {
  calls_[i].how = how;
  if (how) held_.push_back(*how);
  if (how || how.error().code != errc::cancelled) log_.push_back(i);
}

void prediction::end_settled() {
  for (const reference::settlement& each : semaphore_.settled()) end(each.call, each.how);
}

outcome prediction::keep(outcome got) {
  if (got) held_.push_back(*got);
  return got;
}

outcome prediction::split(const operation& op) {
  if (held_.empty()) return 0;
  count_t& whole = held_[op.which % held_.size()];
  if (op.n > whole) return failure(errc::exceeds_limit, op.n, whole);
  whole -= op.n;
  held_.push_back(op.n);
  return op.n;
}

outcome prediction::merge(const operation& op) {
  if (held_.empty()) return 0;
  const std::size_t from = op.n % held_.size();
  count_t& into = held_[op.which % held_.size()];
  if (&into == &held_[from]) return 0;
  const count_t room = pawl::semaphore::max_permits - into;
  if (held_[from] > room) return failure(errc::exceeds_limit, held_[from], room);
  into += held_[from];
  const count_t sum = into;
  held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(from));
  return sum;
}

count_t prediction::take_out(std::size_t which) {
  if (held_.empty()) return 0;
  const auto chosen = held_.begin() + static_cast<std::ptrdiff_t>(which % held_.size());
  const count_t n = *chosen;
  held_.erase(chosen);
  return n;
}

#include "prediction.hpp"

#include <algorithm>

namespace semaphore_programs {

using pawl::count_t;
using pawl::errc;
using pawl::failure;
using kind = operation::kind;

std::optional<outcome> prediction::apply(const operation& op) {
  std::optional<outcome> result = 0;
  switch (op.what) {
    case kind::acquire:
    case kind::acquire_stoppable:
    case kind::acquire_up_to:
      acquire(op);
      result = std::nullopt;
      break;
    case kind::acquire_briefly:
      result = keep(reference_.try_acquire(op.n, op.n));
      if (!*result && result->error().code == errc::would_block) {
        result = failure(errc::timed_out);
      }
      break;
    case kind::try_acquire:
      result = keep(reference_.try_acquire(op.n, op.n));
      break;
    case kind::acquire_all:
      result = keep(reference_.try_acquire(1, pawl::semaphore::max_permits)).value_or(0);
      break;
    case kind::give_back:
      if (!held_.empty()) reference_.release(take_out(op.which));
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
      reference_.release(op.n);
      break;
    case kind::try_release:
      if (const auto r = reference_.try_release(op.n); !r) result = tl::unexpected(r.error());
      break;
    case kind::forget_free:
      result = reference_.forget_free(op.n);
      break;
    case kind::shrink:
      reference_.shrink(op.n);
      break;
    case kind::stop:
      stop(op.which);
      break;
    case kind::destroy:
      destroy(op.which);
      break;
    case kind::poison:
      reference_.poison();
      break;
    case kind::close:
      reference_.close();
      break;
  }
  end_settled();
  collect();
  return result;
}

void prediction::acquire(const operation& op) {
  const bool up_to = op.what == kind::acquire_up_to;
  const count_t most = up_to ? std::min(op.n, pawl::semaphore::max_permits) : op.n;
  const count_t least = up_to ? std::min<count_t>(op.n, 1) : op.n;
  start(op.what == kind::acquire_stoppable,
        [&](std::size_t i) { return reference_.acquire(i, least, most); });
}

// Effects: takes over the permits of the calls that are done.
void prediction::collect() {
  for (; collected_ < log().size(); ++collected_) {
    const outcome how = *of_call(log()[collected_]);
    if (how) held_.push_back(*how);
  }
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

}  // namespace semaphore_programs

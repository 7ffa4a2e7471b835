#include "reference.hpp"

#include <algorithm>
#include <utility>

namespace semaphore_programs {

using pawl::errc;
using pawl::failure;

namespace {

constexpr pawl::count_t most_permits = pawl::semaphore::max_permits;
constexpr auto most_debt = static_cast<std::int64_t>(most_permits);

}  // namespace

reference::reference(count_t permits)
    : permits_(permits <= most_permits ? static_cast<std::int64_t>(permits) : 0),
      poisoned_(permits > most_permits) {}

std::optional<outcome> reference::acquire(std::size_t call, count_t least, count_t most) {
  const outcome now = try_acquire(least, most);
  if (now || now.error().code != errc::would_block) return now;
  queue_.push_back({call, least, most});
  return std::nullopt;
}

outcome reference::try_acquire(count_t least, count_t most) {
  if (least > most_permits) return failure(errc::exceeds_limit, least, most_permits);
  if (poisoned_) return failure(errc::poisoned);
  if (closed_) return failure(errc::closed);
  if (!queue_.empty() || !fits(least)) return failure(errc::would_block);
  return take(least, most);
}

void reference::release(count_t n) {
  if (poisoned_) return;
  if (n > most_permits) return poison();
  permits_ += static_cast<std::int64_t>(n);
  grant_in_turn();
  if (free() > most_permits) poison();
}

pawl::result<void> reference::try_release(count_t n) {
  const count_t room = most_permits - free();
  if (poisoned_) return failure(errc::poisoned);
  if (n > most_permits) return failure(errc::exceeds_limit, n, most_permits);
  if (n > room) return failure(errc::exceeds_limit, n, room);
  release(n);
  return {};
}

reference::count_t reference::forget_free(count_t n) {
  const count_t forgotten = std::min(n, available());
  permits_ -= static_cast<std::int64_t>(forgotten);
  return forgotten;
}

void reference::shrink(count_t n) {
  if (poisoned_) return;
  const auto payable = static_cast<count_t>(permits_ + most_debt);
  permits_ -= static_cast<std::int64_t>(std::min(n, payable));
}

void reference::withdraw(std::size_t call) {
  std::erase_if(queue_, [&](const waiter& w) { return w.call == call; });
  grant_in_turn();
}

void reference::poison() {
  poisoned_ = true;
  fail_all();
}

void reference::close() {
  closed_ = true;
  fail_all();
}

std::vector<settlement> reference::settled() { return std::exchange(settled_, {}); }

reference::count_t reference::take(count_t least, count_t most) {
  const count_t share = least == most ? most : std::min(most, free());
  permits_ -= static_cast<std::int64_t>(share);
  return share;
}

void reference::grant_in_turn() {
  while (!queue_.empty() && fits(queue_.front().least)) {
    const waiter first = queue_.front();
    queue_.pop_front();
    settled_.push_back({first.call, take(first.least, first.most)});
  }
}

void reference::fail_all() {
  for (const waiter& each : std::exchange(queue_, {})) {
    settled_.push_back({each.call, failure(poisoned_ ? errc::poisoned : errc::closed)});
  }
}

}  // namespace semaphore_programs

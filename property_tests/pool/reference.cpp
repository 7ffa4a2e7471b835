#include "reference.hpp"

#include <utility>

namespace pool_programs {

using pawl::errc;

std::optional<outcome> reference::acquire(std::size_t call) {
  outcome now = try_acquire();
  if (now || now.error().code != errc::would_block) return now;
  queue_.push_back(call);
  return std::nullopt;
}

outcome reference::try_acquire() {
  if (is_closed_) return pawl::failure(errc::closed);
  if (!has_permit()) return pawl::failure(errc::would_block);
  return hand_out();
}

void reference::withdraw(std::size_t call) { std::erase(queue_, call); }

void reference::give_back(std::uint64_t resource, bool discards) {
  --active_;
  if (discards) {
    ++discarded;
  } else if (is_closed_) {
    ++closed;
  } else {
    idle_.push_back(resource);
  }
  serve();
}

outcome reference::health_check() {
  if (is_closed_) return pawl::failure(errc::closed);
  if (!has_permit()) return 0;
  std::uint64_t evicted = 0, made = 0;
  for (const std::uint64_t each : std::exchange(idle_, {})) {
    if (is_healthy(each)) {
      idle_.push_back(each);
    } else {
      reject(each);
      evicted += setup_.evicts_unhealthy ? 1 : 0;
    }
  }
  for (; total() < setup_.min_size; ++made) {
    const auto resource = make();
    if (!resource) return pawl::failure(errc::exceeds_limit);
    idle_.push_back(*resource);
  }
  return 100 * evicted + made;
}

void reference::close() {
  closed += idle();
  idle_.clear();
  unfit_.clear();
  is_closed_ = true;
  for (const std::size_t each : std::exchange(queue_, {})) {
    settled_.push_back({each, pawl::failure(errc::closed)});
  }
}

std::vector<settlement> reference::settled() { return std::exchange(settled_, {}); }

// For a call that has a permit.
outcome reference::hand_out() {
  while (!idle_.empty()) {
    const std::uint64_t resource = idle_.back();
    idle_.pop_back();
    if (is_healthy(resource) || !setup_.checks_on_acquire) {
      ++active_;
      ++acquisitions;
      return resource;
    }
    reject(resource);
  }
  if (total() == setup_.max_size) {
    unfit_.pop_front();
    ++unhealthy;
  }
  const auto resource = make();
  if (!resource) return pawl::failure(errc::exceeds_limit);
  ++active_;
  ++acquisitions;
  return *resource;
}

std::optional<std::uint64_t> reference::make() {
  if (failures_ != 0) {
    --failures_;
    ++failed;
    return std::nullopt;
  }
  return ++created;
}

void reference::reject(std::uint64_t resource) {
  if (setup_.evicts_unhealthy) {
    ++unhealthy;
  } else {
    unfit_.push_back(resource);
  }
}

void reference::serve() {
  while (!queue_.empty() && has_permit()) {
    const std::size_t call = queue_.front();
    queue_.pop_front();
    settled_.push_back({call, hand_out()});
  }
}

}  // namespace pool_programs

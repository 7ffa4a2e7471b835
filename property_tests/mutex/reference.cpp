#include "reference.hpp"

#include <utility>

namespace mutex_programs {

using pawl::errc;
using pawl::failure;

std::optional<outcome> reference::lock(std::size_t call) {
  if (poisoned_) return failure(errc::poisoned);
  if (!locked_) return enter();
  queue_.push_back(call);
  return std::nullopt;
}

outcome reference::try_lock() {
  if (poisoned_) return failure(errc::poisoned);
  if (locked_) return failure(errc::would_block);
  return enter();
}

outcome reference::clear_poison() {
  if (locked_) return failure(errc::would_block);
  poisoned_ = false;
  return enter();
}

void reference::unlock() {
  locked_ = false;
  if (queue_.empty()) return;
  const std::size_t next = queue_.front();
  queue_.pop_front();
  ++contended_;
  settled_.push_back({next, enter()});
}

void reference::unwind() {
  poison();
  locked_ = false;
}

void reference::poison() {
  poisoned_ = true;
  for (const std::size_t each : std::exchange(queue_, {})) {
    settled_.push_back({each, failure(errc::poisoned)});
  }
}

void reference::withdraw(std::size_t call) { std::erase(queue_, call); }

std::vector<settlement> reference::settled() { return std::exchange(settled_, {}); }

std::uint64_t reference::enter() {
  locked_ = true;
  return entries_++;
}

}  // namespace mutex_programs

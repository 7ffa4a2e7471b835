#include "reference.hpp"

#include <utility>

namespace barrier_programs {

using pawl::errc;

std::optional<outcome> reference::meet(std::size_t call) {
  if (parties_ == 0) return pawl::failure(errc::closed);
  if (arrive()) return outcome(1);
  queue_.push_back(call);
  return std::nullopt;
}

outcome reference::try_meet() {
  if (parties_ == 0) return pawl::failure(errc::closed);
  if (missing_ != 1) return pawl::failure(errc::would_block);
  arrive();
  return 1;
}

outcome reference::drop() {
  if (parties_ == 0) return pawl::failure(errc::closed);
  --parties_;
  return arrive() ? 1 : 0;
}

void reference::withdraw(std::size_t call) {
  std::erase(queue_, call);
  ++missing_;
}

std::vector<settlement> reference::settled() { return std::exchange(settled_, {}); }

bool reference::arrive() {
  if (--missing_ != 0) return false;
  missing_ = parties_;
  for (const std::size_t each : std::exchange(queue_, {})) settled_.push_back({each, 0});
  return true;
}

}  // namespace barrier_programs

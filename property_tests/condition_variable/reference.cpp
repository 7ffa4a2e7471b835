#include "reference.hpp"

#include <utility>

namespace condition_programs {

std::optional<outcome> reference::wait(std::size_t call, unsigned notifications) {
  queue_.push_back({call, notifications});
  return std::nullopt;
}

bool reference::notify_one() {
  if (queue_.empty()) return false;
  waiting first = queue_.front();
  queue_.pop_front();
  if (--first.notifications == 0) {
    settled_.push_back({first.call, 0});
  } else {
    queue_.push_back(first);
  }
  return true;
}

std::uint64_t reference::notify_all() {
  const std::size_t n = queue_.size();
  for (std::size_t i = 0; i < n; ++i) notify_one();
  return n;
}

void reference::withdraw(std::size_t call) {
  std::erase_if(queue_, [call](const waiting& w) { return w.call == call; });
}

std::vector<settlement> reference::settled() { return std::exchange(settled_, {}); }

}  // namespace condition_programs

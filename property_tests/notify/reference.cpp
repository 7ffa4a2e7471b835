#include "reference.hpp"

#include <utility>

namespace notify_programs {

std::optional<outcome> reference::wait(std::size_t call) {
  if (std::exchange(is_stored_, false)) return 0;
  queue_.push_back(call);
  return std::nullopt;
}

outcome reference::try_wait() {
  if (std::exchange(is_stored_, false)) return 0;
  return pawl::failure(pawl::errc::would_block);
}

void reference::notify_one() {
  if (queue_.empty()) {
    is_stored_ = true;
    return;
  }
  const std::size_t first = queue_.front();
  queue_.pop_front();
  settle(first, place::got_one);
}

void reference::notify_last() {
  if (queue_.empty()) {
    is_stored_ = true;
    return;
  }
  const std::size_t last = queue_.back();
  queue_.pop_back();
  settle(last, place::got_last);
}

void reference::notify_waiters() {
  for (const std::size_t each : std::exchange(queue_, {})) settle(each, place::told_with_all);
}

void reference::withdraw(std::size_t call) { std::erase(queue_, call); }

void reference::enable() {
  give_up();
  place_ = place::got_one;
  if (std::exchange(is_stored_, false)) return;
  place_ = place::waiting;
  queue_.push_back(of_place);
}

void reference::give_up() {
  switch (std::exchange(place_, place::none)) {
    case place::waiting:
      return withdraw(of_place);
    case place::got_one:
      return notify_one();
    case place::got_last:
      return notify_last();
    default:
      return;
  }
}

std::vector<settlement> reference::settled() { return std::exchange(settled_, {}); }

void reference::settle(std::size_t call, place how) {
  if (call == of_place) {
    place_ = how;
  } else {
    settled_.push_back({call, 0});
  }
}

}  // namespace notify_programs

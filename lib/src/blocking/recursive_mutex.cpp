#include <pawl/backend/fault.hpp>
#include <pawl/blocking/recursive_mutex.hpp>

#include <stdexcept>
#include <string>

PAWL_BEGIN

namespace blocking {

// Returns: false if the thread does not have the lock yet.
bool recursive_mutex::lock_again() {
  if (!is_mine() || fault::owner_waits) return false;
  if (depth_ == max_depth) {
    throw std::logic_error("recursive_mutex: lock() by a thread that has it " +
                           std::to_string(depth_) + " times, which is the limit; unlock it first");
  }
  ++depth_;
  return true;
}

void recursive_mutex::own() noexcept {
  // [recursive.2] relaxed: for this thread; to others it only says that they are not the owner.
  owner_.store(&parker::current(), memory_order_relaxed);
  depth_ = 1;
}

void recursive_mutex::unlock() {
  if (!is_mine()) {
    throw std::logic_error(
        "recursive_mutex: unlock() by a thread that does not have it; who locked it unlocks it");
  }
  if (--depth_ != 0 && !fault::unlocked_half_way) return;
  // [recursive.3] relaxed: as [recursive.2]; no other thread becomes the owner before the unlock.
  if (!fault::owner_stays) owner_.store(nullptr, memory_order_relaxed);
  lock_.unlock();
}

}  // namespace blocking

PAWL_END

#include "reference.hpp"

#include <algorithm>
#include <utility>

namespace shared_mutex_programs {

using pawl::errc;
using pawl::failure;

std::optional<outcome> reference::lock(std::size_t call, way how) {
  const outcome tried = try_lock(how);
  if (tried || tried.error().code != errc::would_block) return tried;
  queue_.push_back({call, how});
  return std::nullopt;
}

outcome reference::try_lock(way how) {
  if (poisoned_) return failure(errc::poisoned);
  if (!queue_.empty() || !fits(how)) return failure(errc::would_block);
  return enter(how);
}

outcome reference::try_upgrade() {
  if (poisoned_) return failure(errc::poisoned);
  if (readers_ != 1) return failure(errc::would_block);
  leave(way::upgradable);
  return enter(way::writing);
}

outcome reference::clear_poison() {
  if (!fits(way::writing) || !queue_.empty()) return failure(errc::would_block);
  poisoned_ = false;
  return enter(way::writing);
}

void reference::unlock(way how) {
  leave(how);
  settle();
}

void reference::change(way from, way to) {
  leave(from);
  if (to == way::writing) std::abort();
  static_cast<void>(enter(to));
  settle();
}

void reference::poison() {
  poisoned_ = true;
  std::vector<waiting> refused = std::exchange(queue_, {});
  if (options_.policy == pawl::lock_policy::writer_preferring) {
    std::ranges::stable_partition(refused, [](const waiting& w) { return w.how == way::writing; });
  }
  for (const waiting& each : refused) settled_.push_back({each.call, failure(errc::poisoned)});
}

void reference::withdraw(std::size_t call) {
  std::erase_if(queue_, [&](const waiting& w) { return w.call == call; });
  settle();
}

std::vector<settlement> reference::settled() { return std::exchange(settled_, {}); }

bool reference::fits(way how) const {
  if (how == way::writing) return readers_ == 0 && !written_;
  if (how == way::upgradable && upgradable_) return false;
  return !written_ && readers_ < options_.max_readers;
}

std::uint64_t reference::enter(way how) {
  if (how == way::writing) {
    written_ = true;
    return writes_++;
  }
  ++readers_;
  if (how == way::upgradable) upgradable_ = true;
  return writes_;
}

void reference::leave(way how) {
  if (how == way::writing) {
    written_ = false;
    return;
  }
  --readers_;
  if (how == way::upgradable) upgradable_ = false;
}

reference::place reference::oldest(bool writes) {
  return std::ranges::find_if(
      queue_, [writes](const waiting& w) { return (w.how == way::writing) == writes; });
}

reference::place reference::next() {
  if (options_.policy == pawl::lock_policy::fair) return queue_.begin();
  const place writer = oldest(true);
  const place reader = oldest(false);
  if (writer == queue_.end()) return reader;
  const bool is_due = reader != queue_.end() && reader->overtaken >= pawl::limits::bypass_limit;
  return is_due ? reader : writer;
}

void reference::settle() {
  while (!queue_.empty()) {
    const place who = next();
    if (!fits(who->how)) return;
    const waiting granted = *who;
    queue_.erase(who);
    settled_.push_back({granted.call, enter(granted.how)});
    if (granted.how != way::writing) continue;
    if (const place reader = oldest(false); reader != queue_.end()) ++reader->overtaken;
  }
}

}  // namespace shared_mutex_programs

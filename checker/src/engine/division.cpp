#include "division.hpp"

#include <chrono>

namespace pawl::check::engine {

void division::open() {
  const std::lock_guard lock(mutex_);
  open_ = true;
}

bool division::claim(std::size_t n, unsigned generation) {
  const std::lock_guard lock(mutex_);
  if (!open_ || generation != this->generation()) return false;
  if (claimed_.size() <= n) claimed_.resize(2 * n + 64);
  const bool first = !claimed_[n];
  claimed_[n] = true;
  return first;
}

thread_index division::child(thread_index parent, std::uint32_t n) {
  const std::lock_guard lock(mutex_);
  const auto next = static_cast<thread_index>(children_.size() + 1);
  return children_.try_emplace({parent, n}, next).first->second;
}

void division::begin_anew(const knowledge& k) {
  const std::lock_guard lock(mutex_);
  known_.ordinary.insert(k.ordinary.begin(), k.ordinary.end());
  known_.spins = known_.spins || k.spins;
  claimed_.clear();
  finished_.clear();
  generation_.fetch_add(1, std::memory_order_release);
  changed_.notify_all();
}

knowledge division::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

division::state division::finish(unsigned worker, unsigned generation) {
  constexpr std::chrono::milliseconds moment{20};
  std::unique_lock lock(mutex_);
  const auto standing = [&] {
    return stopped()                          ? state::stopped
           : generation != this->generation() ? state::anew
           : finished_.size() == workers_     ? state::finished
                                              : state::running;
  };
  if (generation == this->generation()) finished_.insert(worker);
  if (finished_.size() == workers_) changed_.notify_all();
  changed_.wait_for(lock, moment, [&] { return standing() != state::running; });
  return standing();
}

void division::stop() {
  const std::lock_guard lock(mutex_);
  stopped_.store(true, std::memory_order_release);
  changed_.notify_all();
}

}  // namespace pawl::check::engine

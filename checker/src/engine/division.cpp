#include "division.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace pawl::check::engine {

void division::open() {
  const std::lock_guard lock(mutex_);
  open_ = true;
}

bool division::claim(std::size_t n, unsigned generation) {
  const std::lock_guard lock(mutex_);
  if (!open_ || generation != this->generation()) return false;
  if (part_ && n % part_->count + 1 != part_->number) return false;
  if (claimed_.size() <= n) claimed_.resize(2 * n + 64);
  const bool first = !claimed_[n];
  claimed_[n] = true;
  return first;
}

division::division(unsigned workers, std::optional<shard> part,
                   const std::vector<std::array<std::uint32_t, 3>>& known)
    : workers_(workers), part_(part) {
  for (const auto& [parent, n, number] : known)
    children_[{static_cast<thread_index>(parent), n}] = static_cast<thread_index>(number);
}

thread_index division::child(thread_index parent, std::uint32_t n) {
  const std::lock_guard lock(mutex_);
  const auto next = static_cast<thread_index>(children_.size() + 1);
  return children_.try_emplace({parent, n}, next).first->second;
}

void division::learn(const knowledge& k) {
  const std::lock_guard lock(mutex_);
  add(k);
}

void division::begin_anew(const knowledge& k) {
  const std::lock_guard lock(mutex_);
  add(k);
  next_generation();
}

void division::note(const knowledge& k) {
  const std::lock_guard lock(mutex_);
  const std::size_t before = known_.ordinary.size();
  add(k);
  if (known_.ordinary.size() > before) next_generation();
}

void division::add(const knowledge& k) {
  known_.ordinary.insert(k.ordinary.begin(), k.ordinary.end());
  known_.awaited.insert(k.awaited.begin(), k.awaited.end());
  known_.unordered.insert(k.unordered.begin(), k.unordered.end());
  std::set_intersection(known_.awaited.begin(), known_.awaited.end(), known_.unordered.begin(),
                        known_.unordered.end(),
                        std::inserter(known_.ordinary, known_.ordinary.end()));
  known_.spins = known_.spins || k.spins;
  known_.orders_arrivals = known_.orders_arrivals || k.orders_arrivals;
  known_.keeps_state = known_.keeps_state || k.keeps_state;
}

void division::next_generation() {
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

#include "division.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace pawl::check::engine {

division::division(unsigned workers, const std::vector<std::array<std::uint32_t, 3>>& known)
    : workers_(workers) {
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
  idle_.clear();
  gifts_.clear();
  found_.clear();
  count_wanted();
  generation_.fetch_add(1, std::memory_order_release);
  changed_.notify_all();
}

knowledge division::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

// ---- work ---------------------------------------------------------------------------------------

void division::count_wanted() {
  const std::size_t idle = idle_.size(), given = gifts_.size();
  wanted_.store(static_cast<unsigned>(idle - std::min(idle, given)), std::memory_order_relaxed);
}

void division::give(gift g) {
  const std::lock_guard lock(mutex_);
  if (g.generation != generation()) return;
  gifts_.push_back(std::move(g));
  count_wanted();
  changed_.notify_one();
}

division::answer division::ask(unsigned worker, unsigned generation, const census& found,
                               gift& out) {
  constexpr std::chrono::milliseconds moment{20};
  std::unique_lock lock(mutex_);
  const auto answer_now = [&] {
    return stopped()                          ? answer::stopped
           : generation != this->generation() ? answer::anew
           : !gifts_.empty()                  ? answer::take
           : idle_.size() == workers_         ? answer::finished
                                              : answer::wait;
  };
  if (generation == this->generation() && idle_.insert(worker).second) {
    found_[worker] = found;
    count_wanted();
    if (idle_.size() == workers_) changed_.notify_all();
  }
  changed_.wait_for(lock, moment, [&] { return answer_now() != answer::wait; });
  const answer a = answer_now();
  if (a != answer::take) return a;
  out = std::move(gifts_.front());
  gifts_.pop_front();
  idle_.erase(worker);
  count_wanted();
  return a;
}

census division::found() const {
  const std::lock_guard lock(mutex_);
  census all;
  for (const auto& [worker, found] : found_) {
    all.resize(std::max(all.size(), found.size()));
    for (std::size_t i = 0; i < found.size(); ++i)
      for (std::size_t j = 0; j < found[i].size(); ++j) all[i][j] += found[i][j];
  }
  return all;
}

void division::stop() {
  const std::lock_guard lock(mutex_);
  stopped_.store(true, std::memory_order_release);
  changed_.notify_all();
}

}  // namespace pawl::check::engine

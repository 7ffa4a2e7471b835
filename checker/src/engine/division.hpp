// What the workers of one exploration share.
//
// The first worker, the leader, begins at the root of the tree of decisions. A worker that has
// nothing left to do asks for work; one that is busy gives it some of what it has pending, between
// two executions. Whoever takes a gift goes to where it was pending, by the same decisions, and
// explores it as if it had come there by itself. Whatever a worker learns of the program that
// changes the tree makes all of them begin anew: a new generation.
//
// With --shard, the subtrees that begin at a certain depth, the roots, go to the processes of a
// search in turn, by their numbers. Within one of them, the leader comes to its roots, and gives
// away only what is below them.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <pawl/check/options.hpp>

#include "names.hpp"

namespace pawl::check::engine {

/// What one learns of a program by running it, and what makes the tree another one.
struct knowledge {
  std::set<object_key> ordinary;   ///< Objects that unblocking does not apply to: those in both …
  std::set<object_key> awaited;    ///< … those that a thread waits for …
  std::set<object_key> unordered;  ///< … and those with stores that happens-before does not order.
  bool spins = false;              ///< Threads may spin.
  bool orders_arrivals = false;    ///< Which phase of a barrier one arrives in is not settled.
  bool keeps_state = false;        ///< It can't go on from snapshots.
};

/// For each number of decisions, of what was found there: graphs visited, alternatives they left,
/// executions.
using census = std::vector<std::array<std::uint64_t, 3>>;

/// Pending work that one worker leaves to another.
struct gift {
  std::vector<std::uint64_t> path;     ///< Where it is pending: see explorer::position.
  std::uint64_t first = 0, after = 0;  ///< From the bottom of the stack there.
  unsigned generation = 0;             ///< Of the tree.
};

class alignas(64) division {
 public:
  /// `known`: the children that have numbers already.
  explicit division(unsigned workers, const std::vector<std::array<std::uint32_t, 3>>& known = {});

  /// Decisions above a root; 0: there are none. Set before the other workers start.
  unsigned depth = 0;
  /// The roots with these numbers are for this process; as long as it is not set, none are.
  std::optional<shard> part;
  [[nodiscard]] bool has_root(std::size_t n) const {
    return part && n % part->count + 1 == part->number;
  }

  [[nodiscard]] unsigned generation() const { return generation_.load(std::memory_order_acquire); }
  /// The number of the n-th child of `parent`, the same for all workers: a new one the first time.
  [[nodiscard]] thread_index child(thread_index parent, std::uint32_t n);
  /// Effects: adds to what is known, and begins a new generation.
  void begin_anew(const knowledge&);
  /// Effects: adds to what is known. What one worker saw may meet what another saw, and make the
  ///   tree another one: then begins a new generation.
  void note(const knowledge&);
  [[nodiscard]] knowledge known() const;
  /// Effects: adds to what is known. Before the other workers start.
  void learn(const knowledge&);

  /// True if there are workers with nothing to do.
  [[nodiscard]] bool wants_work() const { return wanted_.load(std::memory_order_relaxed) > 0; }
  /// Effects: leaves the gift to whoever asks next, if its tree is not outdated.
  void give(gift);
  enum class answer : std::uint8_t { wait, take, finished, anew, stopped };
  /// Effects: tells that a worker has nothing left to do in this generation, and what it found so
  ///   far; waits a moment for work. Returns: where all stand; `take` if `out` is for this worker,
  ///   which is busy again then.
  [[nodiscard]] answer ask(unsigned worker, unsigned generation, const census& found, gift& out);
  /// What workers had found when they asked for work, all together.
  [[nodiscard]] census found() const;
  /// Effects: tells all workers to end.
  void stop();
  [[nodiscard]] bool stopped() const { return stopped_.load(std::memory_order_acquire); }

 private:
  void add(const knowledge&);
  void next_generation();
  void count_wanted();

  const unsigned workers_;
  std::atomic<unsigned> generation_{0};
  std::atomic<unsigned> wanted_{0};
  std::atomic<bool> stopped_{false};
  alignas(64) mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<unsigned> idle_;  // Workers.
  std::deque<gift> gifts_;
  std::map<unsigned, census> found_;
  knowledge known_;
  std::map<std::pair<thread_index, std::uint32_t>, thread_index> children_;
};

}  // namespace pawl::check::engine

// What the workers of one exploration share.
//
// Every worker walks the same tree of decisions in the same order down to a certain depth. The
// subtrees that begin there, its roots, go to the worker that comes to them first. Whatever a
// worker learns of the program that changes the tree makes all of them begin anew: a new
// generation.
//
// With --shard, the roots go to the processes of a search in turn, by their numbers, and within one
// of them to its workers.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
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

class alignas(64) division {
 public:
  /// `known`: the children that have numbers already.
  division(unsigned workers, std::optional<shard> part,
           const std::vector<std::array<std::uint32_t, 3>>& known = {});

  /// Decisions above a root. Set before the workers start.
  unsigned depth = 0;
  /// Effects: from now on roots can be claimed.
  void open();

  [[nodiscard]] unsigned generation() const { return generation_.load(std::memory_order_acquire); }
  /// Returns: whether the n-th root of this generation is the caller's; nobody else gets it then.
  [[nodiscard]] bool claim(std::size_t n, unsigned generation);
  /// The number of the n-th child of `parent`, the same for all workers: a new one the first time.
  [[nodiscard]] thread_index child(thread_index parent, std::uint32_t n);
  /// Effects: adds to what is known, and begins a new generation.
  void begin_anew(const knowledge&);
  /// Effects: adds to what is known. What one worker saw may meet what another saw, and make the
  ///   tree another one: then begins a new generation.
  void note(const knowledge&);
  [[nodiscard]] knowledge known() const;
  /// Effects: adds to what is known. Before the workers start.
  void learn(const knowledge&);

  enum class state : std::uint8_t { running, finished, anew, stopped };
  /// Effects: tells that a worker has finished this generation, once for each; waits a moment for
  ///   the others. Returns: where they stand.
  [[nodiscard]] state finish(unsigned worker, unsigned generation);
  /// Effects: tells all workers to end.
  void stop();
  [[nodiscard]] bool stopped() const { return stopped_.load(std::memory_order_acquire); }

 private:
  void add(const knowledge&);
  void next_generation();

  const unsigned workers_;
  const std::optional<shard> part_;
  std::atomic<unsigned> generation_{0};
  std::atomic<bool> stopped_{false};
  alignas(64) mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  std::set<unsigned> finished_;  // Workers.
  std::vector<bool> claimed_;
  knowledge known_;
  std::map<std::pair<thread_index, std::uint32_t>, thread_index> children_;
};

}  // namespace pawl::check::engine

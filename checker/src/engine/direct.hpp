// What an execution under sc is, while it is drawn: memory holds the newest values, and nothing of
// the past is kept but vector clocks. A step takes tens of nanoseconds and no memory, however many
// went before.
//
// Happens-before is that of rc11: a release store hands over its clock, an acquire load takes it,
// fences stand in for relaxed accesses, read-modify-writes continue release sequences.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "event.hpp"

namespace pawl::check::engine {

class direct_memory {
 public:
  /// Forgets everything. Locations that are not known yet get their initial values when first used.
  void reset();
  void begin(location_id, word initial);
  [[nodiscard]] bool knows(location_id l) const {
    return l < locations_.size() && locations_[l].known;
  }
  /// What `start` does happens before the thread begins.
  void start(thread_index parent, thread_index child);

  /// True if `q` does not have to wait.
  [[nodiscard]] bool holds(const request& q) const {
    return q.location == no_location || evaluate(q, locations_[q.location].value).holds;
  }
  /// Effects: performs `q` as the event `id`, whose outcome goes to `e`.
  void perform(event_id id, const request& q, event& e);
  /// A value that was chosen.
  void note_choice(thread_index, word value);

  /// True if what `other` did after its first `at` events happens before what `t` does now.
  [[nodiscard]] bool happened(thread_index t, thread_index other, std::int32_t at) const {
    return threads_[t].known[other] > at;
  }
  /// True if some access to the location does not happen before what `t` does now.
  [[nodiscard]] bool is_in_use(location_id, thread_index t) const;
  /// Nobody may access the location any more: its value is no part of the state.
  void end(location_id l) { locations_[l].ended = true; }
  /// What the locations hold, without clocks.
  struct content {
    word value;
    bool known, ended;
  };
  void append_content(std::vector<content>&) const;
  void put_back(std::span<const content>);
  /// Tells apart what the locations hold.
  [[nodiscard]] std::uint64_t hash_of_values() const;
  /// Tells executions apart, as hash_of(graph) does.
  [[nodiscard]] std::uint64_t hash() const;

 private:
  using clock = std::array<clock_value, rt::max_threads>;
  struct place {
    word value = 0;
    event_id newest = initial_store;
    bool known = false, ended = false;
    clock message{};   // What an acquire of its value learns.
    clock accessed{};  // By each thread.
  };
  struct knower {
    clock known{};    // What happens before; its own events included.
    clock pending{};  // What relaxed loads have read, for a later acquire fence.
    clock fenced{};   // At its last release fence.
    std::uint16_t events = 0;
    std::uint64_t hash = 0;
  };
  static void join(clock& into, const clock& other) {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = std::max(into[i], other[i]);
  }
  void read(knower&, place&, std::memory_order, bool holds);
  static void write(const knower&, place&, std::memory_order, bool continues);

  std::array<knower, rt::max_threads> threads_{};
  thread_index used_ = 1;  // Threads up to the highest that began.
  std::vector<place> locations_;
};

class selector;
class thread_selector;

/// What a runtime knows of its direct runs.
struct direct_run {
  bool runs = false;         ///< The run at hand is one.
  bool possible = true;      ///< As far as is known of the program.
  std::uint32_t number = 0;  ///< Not 0: states are visited, and all runs have this number.
  unsigned tried = 0, failed = 0;
  int next = -1;  ///< The thread that goes on; -1: to be picked.
  thread_selector* threads = nullptr;
  selector* values = nullptr;
  direct_memory memory;
};

}  // namespace pawl::check::engine

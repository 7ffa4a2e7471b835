// The way through the states of a program (strategy::states): depth first, each state once.
//
// A state is what all threads go on from: what atomic objects hold, stacks with registers, and
// heaps (state_now.cpp). Of a state that was come to before, all that can follow has been visited
// or will be, so the execution ends there, and the next one goes on from the last state on the way
// that has something left.
//
// Some steps are taken at once, and nothing else in their place, since no other thread can tell
// whether they come earlier or later: the start, the end and the join of a thread, fences, and the
// accesses to an object that no other thread ever accesses or ends. Which objects these are is
// learned, from executions drawn at random before the walk, for all objects that begin at one place
// in the source; if a second thread turns up in the walk, it begins anew.
//
// States are told apart by hashes of 64 bits, as Spin's hash-compact does: of n states, n²/2⁶⁵ is
// about the probability that two have the same one and something is missed; a millionth for six
// million.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <random>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "runtime.hpp"

namespace pawl::check::engine {

class state_walk final : public thread_selector, public selector {
 public:
  explicit state_walk(runtime& r) : runtime_(r) {}

  enum class run : std::uint8_t {
    drawn,  ///< At random, to learn from.
    next,
    again  ///< The same once more, with a graph.
  };
  void begin(run);
  /// After a run: true if it ended in a state that was there before.
  [[nodiscard]] bool was_cut() const { return was_cut_; }
  /// True if the walk has to begin anew, with what it has learned.
  [[nodiscard]] bool is_outdated();
  void begin_anew();
  /// Effects: goes on to the next execution. Returns: false if there is none.
  bool advance();
  [[nodiscard]] std::uint64_t states() const { return seen_.size(); }

  int next(const std::vector<thread_index>& enabled) override;
  std::size_t select(event_id, const std::vector<alternative>&,
                     const std::function<bool(std::size_t)>&) override {
    return 0;  // What is newest.
  }
  std::uint32_t choose(event_id, std::uint32_t n) override;

 private:
  // What was taken, and what is left to be taken there: threads, a bit each, or so many values.
  struct decision {
    std::uint32_t taken;
    std::uint32_t left;
    std::uint32_t kept;  // How many states were, its own the last of them; 0: its own was not.
    bool is_value;
  };
  static_assert(rt::max_threads <= 32);

  bool decide(const std::vector<thread_index>& enabled);
  [[nodiscard]] bool is_private(const request&, thread_index);
  void note_access(thread_index, location_id);
  [[nodiscard]] std::int8_t& user(location_id);
  using birth = std::tuple<std::string_view, unsigned, unsigned>;  // Where objects begin.
  [[nodiscard]] birth birth_of(location_id) const;

  static constexpr std::int8_t nobody = -1, several = -2;

  runtime& runtime_;
  std::vector<decision> path_;
  std::size_t depth_ = 0;
  run kind_ = run::drawn;
  bool was_cut_ = false, is_outdated_ = false;
  std::mt19937_64 chance_;
  std::vector<std::int8_t> users_;  // Of locations: the thread that accesses it.
  std::set<birth> shared_;          // Objects from there are accessed by several.
  boost::unordered_flat_set<std::uint64_t> seen_;
};

}  // namespace pawl::check::engine

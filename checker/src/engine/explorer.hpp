// Optimal exploration of execution graphs: every consistent complete graph exactly once.
//
// The algorithm is TruSt (Kokologiannakis, Marmanis, Gladstein, Vafeiadis: "Truly Stateless,
// Optimal Dynamic Partial Order Reduction", POPL 2022). A program is run from the start; an
// operation that the graph holds is replayed, the next one is added. An added load takes one source
// and leaves the others as pending work; an added store takes one place in mo, leaves the others,
// and notes each earlier load that could read it instead (a backward revisit). Pending work is a
// stack. A backward revisit removes events from the graph, in place, until its own pending work is
// done (a frame), and then puts them back.
//
// Unblocking (Kokologiannakis, Marmanis, Vafeiadis: "Unblocking Dynamic Partial Order Reduction",
// CAV 2023) avoids executions that end waiting only because of the order of exploration. It applies
// to locations whose stores are totally ordered by happens-before; the first store that is not
// makes the location ordinary and restarts the exploration.
#pragma once

#include <array>
#include <functional>
#include <utility>
#include <vector>

#include <pawl/check/options.hpp>

#include "consistency.hpp"
#include "division.hpp"
#include "graph.hpp"
#include "preemptions.hpp"
#include "token.hpp"

namespace pawl::check::engine {

/// One way to add an event: the store a load reads, or the store that a store is put behind.
struct alternative {
  event_id store;
  bool spurious = false;  ///< A weak compare-exchange fails although it reads the expected value.
};

/// Chooses among alternatives when an execution is not enumerated but drawn or prescribed.
class selector {
 public:
  /// The index of the alternative to take. `allowed(i)` tells whether it keeps the graph
  /// consistent.
  virtual std::size_t select(event_id, const std::vector<alternative>&,
                             const std::function<bool(std::size_t)>& allowed) = 0;
  virtual std::uint32_t choose(event_id, std::uint32_t n) = 0;

 protected:
  ~selector() = default;
};

class explorer {
 public:
  explicit explorer(const options& o) : options_(o) {}

  /// Begins a new exploration. With a selector, executions are drawn by it and nothing stays
  /// pending.
  void start(selector* s = nullptr);

  /// True if thread t, standing before `q`, may take its step now.
  [[nodiscard]] bool enabled(const request& q) const;
  /// True if `q` waits for a better source and may be added, blocked, when nothing else can move.
  [[nodiscard]] bool set_aside(const request& q) const;
  /// Adds the next event of thread t.
  event_id add(thread_index t, const request& q);
  /// Effects: r, a load that its thread would repeat, is a wait from now on.
  /// Returns: whether it is blocked; false: other executions show what follows.
  bool turn_into_wait(event_id r, const rt::predicate& holds);

  /// Takes up pending work. False when there is none left; the graph is then that of no execution.
  bool advance();
  /// Instead of advance(), at random: takes up one of the n things that the run at hand left
  /// pending, all equally likely, and forgets the others. Returns: n; 0 if there is nothing to go
  /// on with. `draw(n)` gives numbers below n.
  std::size_t descend(const std::function<std::size_t(std::size_t)>& draw);
  /// True if the graph at hand is that of an execution: after descend(), it may be inconsistent.
  [[nodiscard]] bool goes_on() const { return goes_on_; }
  /// Where the search stands between two executions, so that another explorer can go there.
  struct position {
    /// For each decision that led to the graph at hand: how much was pending below what it took.
    std::vector<std::uint64_t> path;
    std::uint64_t roots = 0, above_roots = 0;
    std::uint32_t top = 0;
    census levels;
  };
  [[nodiscard]] position where() const;
  /// True if no decision led to the graph at hand.
  [[nodiscard]] bool is_first() const { return path_.empty(); }
  /// Effects: takes the next decision of a path that another explorer went, like advance(), and
  ///   counts nothing. Returns: false if there is no such decision.
  [[nodiscard]] bool follow(std::uint64_t below);
  /// Effects: after all of the path, makes the counts those of the position.
  void arrive(const position&);
  /// Effects: gives away the older half of the oldest alternatives that are pending, below the
  ///   roots. Returns: nothing if nothing would be left, or if more decisions lead there.
  [[nodiscard]] std::optional<gift> give(std::uint64_t most_decisions);
  /// Effects: after all of the gift's path, has nothing else pending, and counts as it did where it
  ///   stood before. Returns: false if there is no such gift.
  [[nodiscard]] bool take(const gift&, const position& before);
  /// Adds all that is pending.
  void add_pending(fingerprint&) const;
  /// How many executions there will be, if those of equal depth ahead are like those behind, which
  /// this worker and `others` found; right at the end.
  [[nodiscard]] double expected(const census& others = {}) const;
  /// Of the executions that differ only in which of several threads declared identical does what,
  /// true of one (symmetry.cpp). Blocked ones may all be.
  [[nodiscard]] bool is_canonical() const;
  /// True if what was learned about the program makes the exploration so far invalid: start()
  /// again.
  [[nodiscard]] bool restart_needed() const { return restart_; }
  void demand_restart() { restart_ = true; }
  /// True if the execution at hand, which has ended, is within the bound on preemptions.
  [[nodiscard]] bool within_bound() {
    return !options_.preemptions || preemptions_.fewest(graph, *options_.preemptions);
  }
  /// After within_bound(): an order of its events that shows it.
  [[nodiscard]] std::vector<event_id> bounded_order() const { return preemptions_.linearisation(); }

  // Branch points: events that left other work pending than revisits. As long as the graph holds
  // the events stamped before one, the program can be taken up there. They are a stack.
  /// True if the event added last is one.
  [[nodiscard]] bool branched() const { return branched_; }
  /// Remembers it as one that the program can be taken up at.
  void keep_branch(event_id e) { branches_.push_back({graph.at(e).stamp, frames_.size()}); }
  /// How many of the branch points kept will still be of use.
  [[nodiscard]] std::size_t branches() const { return branches_.size(); }
  /// The last of them that the graph goes on from, counted from 1; 0 if there is none.
  [[nodiscard]] std::size_t resume_point() const;

  /// Several workers: explores this one's share. Of what all of them visit, `leads` counts.
  void divide(division* d, bool leads) {
    division_ = d;
    leads_ = leads;
  }
  /// True if the execution at hand is this worker's to count.
  [[nodiscard]] bool counts() const {
    return division_ == nullptr || leads_ || depth_ >= division_->depth;
  }
  /// The generation of the division that start() found.
  [[nodiscard]] unsigned generation() const { return generation_; }
  /// How many roots of subtrees it has come across.
  [[nodiscard]] std::size_t roots() const { return roots_; }
  /// How many decisions above them.
  [[nodiscard]] std::size_t above_roots() const { return above_roots_; }
  /// Tells apart what is above the roots, them included.
  [[nodiscard]] std::uint32_t top() const { return top_.value(); }

  [[nodiscard]] bool is_ordinary(location_id l) const {
    return l < chains_.size() && chains_[l].ordinary;
  }
  void make_ordinary(location_id l) { chain(l).ordinary = true; }
  [[nodiscard]] bool is_awaited(location_id l) const {
    return l < chains_.size() && chains_[l].awaited;
  }
  [[nodiscard]] bool is_unordered(location_id l) const {
    return l < chains_.size() && chains_[l].unordered;
  }
  /// True if more locations than at the last call are awaited or unordered.
  [[nodiscard]] bool take_news() { return std::exchange(news_, false); }

  engine::graph graph;
  std::uint64_t pruned = 0;

 private:
  enum class work : std::uint8_t { source, place, revisit, choice };
  struct item {
    work kind;
    bool given;           // Another worker does it: it stays, so that positions do not change.
    bool is_off;          // A failure that no value has called for.
    alternative choice;   // source, place: the store. choice: unused.
    event_id event;       // source, revisit: the load. place: the store.
    event_id store;       // revisit: the store that revisits.
    std::uint32_t stamp;  // The graph is cut to this stamp, …
    view views;           // … and the pools to these tops.
    std::uint32_t parameters;
    word value;      // choice: the value.
    unsigned depth;  // Decisions that led to it.
  };
  struct saved_event {
    event_id id;
    event state;
    bool removed;  // False: it only returned to an older source.
  };
  struct frame {
    std::size_t items, saved, trail;  // Sizes of the stacks when the frame was opened.
    event_id load, store;             // The revisit; store is no_event in the outermost frame.
    std::size_t load_position;        // Where the load stands in the trail.
    view settled;                     // Loads in it are never revisited in this frame.
    item opened_by;
    std::uint32_t load_stamp = 0;  // Older events are those of the frame below.
  };
  struct branch {
    std::uint32_t stamp;
    std::size_t depth;  // Frames, when it was kept.
  };
  // What was found at one number of decisions.
  struct level {
    std::uint64_t visited = 0, left = 0, executions = 0;  // `left`: alternatives, for the next one.
  };
  // What is known of a location across all executions.
  struct chain_state {
    bool awaited = false, unordered = false, ordinary = false;
  };

  event_id add_load(thread_index, const request&);
  event_id add_store(thread_index, const request&);
  event_id add_choice(thread_index, const request&);
  void sources(event_id, const noted_request&, std::vector<alternative>&) const;
  [[nodiscard]] bool may_fail(event_id, const request&) const;

  // Attempts.
  [[nodiscard]] bool is_blind(const noted_request& q) const {
    return q.op == operation::attempt && selector_ == nullptr && !options_.preemptions &&
           (q.unless.holds == nullptr || same(q.unless, q.holds));
  }
  [[nodiscard]] const rt::predicate* refused_before(event_id) const;
  [[nodiscard]] bool fails_maximally(event_id attempt, event_id revisitor) const;
  void give_source(event_id load, alternative);
  void put_off_failure(event_id attempt);
  void call_for_failures(event_id store);
  void places(event_id, std::vector<alternative>&) const;
  void push(work, event_id, alternative, event_id store, std::uint32_t stamp, view views,
            word value = 0);

  level& at_level(unsigned depth);
  static void add_item(fingerprint&, const item&);
  [[nodiscard]] bool is_others(const item&);
  void forget_branches(const item&);
  bool apply(const item&);
  [[nodiscard]] bool beyond_bound() {
    return options_.preemptions && preemptions_.must_exceed(graph, *options_.preemptions);
  }
  bool apply_source(const item&);
  bool apply_place(const item&);
  bool open_frame(const item&);
  void close_frame();
  void cut(const item&);
  void detach_saved(event_id);
  // After a load got a source that need not be maximal: checks it, adds the write half of an RMW.
  bool settle(event_id load);
  bool settle_revisit(event_id store, event_id load);
  // Takes a store out of mo; awaits that moved to it in place go back.
  void retract(event_id store);
  void restore(event_id, const event&);

  void revisits(event_id store);
  [[nodiscard]] bool maximal(event_id, event_id revisitor) const;
  [[nodiscard]] bool coherent_revisit(event_id load, event_id store, event_id rival) const;
  [[nodiscard]] bool settled(event_id e) const {
    return graph.views.at(frames_.back().settled, e.thread) >= static_cast<clock_value>(e.index);
  }
  [[nodiscard]] bool consistent(event_id changed) const {
    return engine::consistent(options_.memory_model, graph, changed) && !is_mirrored(changed);
  }

  // Symmetry.
  struct twins {
    thread_index first, second;
  };
  [[nodiscard]] bool has_symmetry() const {
    return graph.has_twins() && selector_ == nullptr && options_.symmetry && !options_.stall;
  }
  [[nodiscard]] int twin_before(thread_index) const;
  [[nodiscard]] int twin_after(thread_index) const;
  enum class sides : std::uint8_t { equal, canonical, mirrored };
  [[nodiscard]] sides compare(twins, std::uint16_t place) const;
  [[nodiscard]] bool is_mirrored(event_id changed) const;
  [[nodiscard]] bool is_mirrored(twins, bool for_good) const;
  [[nodiscard]] bool stays(twins, std::uint16_t place) const;
  [[nodiscard]] event_id accessed(event_id attempt) const;
  [[nodiscard]] bool is_settled_attempt(event_id) const;
  [[nodiscard]] bool is_harmless(event_id r, event_id second) const;
  [[nodiscard]] bool is_lasting(event_id) const;
  [[nodiscard]] bool is_least(event_id) const;
  [[nodiscard]] bool comes_later(twins, std::uint16_t place) const;
  [[nodiscard]] bool is_fixed(event_id e) const {
    return settled(e) || (!graph.at(e).maximal && !has_failed_blindly(graph.at(e)));
  }
  [[nodiscard]] bool is_closed(event_id store) const;

  // Unblocking.
  [[nodiscard]] bool unblocks(location_id l) const {
    return options_.unblocking && selector_ == nullptr && !is_ordinary(l);
  }
  chain_state& chain(location_id);
  void note_await(location_id);
  void note_store(event_id);
  void unblock(event_id store);
  void refresh_in_place();

  const options& options_;
  selector* selector_ = nullptr;
  bool restart_ = false;
  bool news_ = false;
  preemption_counter preemptions_;
  bool in_place_used_ = false;
  bool branched_ = false;
  bool puts_off_ = false;  // Some failures of attempts.
  std::vector<branch> branches_;
  division* division_ = nullptr;
  bool leads_ = true;
  unsigned generation_ = 0;  // Of the division.
  unsigned depth_ = 0;       // Decisions that led to the graph at hand.
  bool goes_on_ = true;
  std::vector<level> levels_;
  std::size_t roots_ = 0, above_roots_ = 0;
  fingerprint top_;
  std::size_t floor_ = 0, outermost_ = 1;  // What is pending, and frames, below are others'.
  std::vector<item> items_;
  std::vector<std::uint64_t> path_;  // See position.
  std::vector<frame> frames_;
  std::vector<saved_event> saved_;
  std::vector<event_id> saved_trail_;
  std::vector<chain_state> chains_;
  std::vector<alternative> alternatives_;
};

}  // namespace pawl::check::engine

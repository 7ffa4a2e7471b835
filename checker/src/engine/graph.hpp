// An execution graph: events with program order, reads-from, modification order and their views.
//
// Events are stored per thread in program order, so an event_id stays valid while events that are
// not porf-before it come and go. Everything the exploration does to a graph is one of: append an
// event, give a load a source, place a store in mo, remove the event added last, and detach /
// reattach a suffix (each the exact inverse of the other, like dancing links), so that no graph is
// ever copied.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "event.hpp"
#include "view.hpp"

namespace pawl::check::engine {

struct location_record {
  event_id mo_first = initial_store, mo_last = initial_store;  ///< initial_store: no store yet.
  /// Loads by descending stamp; of a latch or barrier, arrivals and waits for them.
  event_id newest_load = no_event;
};

class graph {
 public:
  void reset();
  /// Forgets the events but keeps the locations.
  void clear_events();

  // ---- reading ----------------------------------------------------------------------------------
  [[nodiscard]] event& at(event_id e) { return threads_[e.thread][e.index - 1u]; }
  [[nodiscard]] const event& at(event_id e) const { return threads_[e.thread][e.index - 1u]; }
  [[nodiscard]] std::size_t size(thread_index t) const { return threads_[t].size(); }
  [[nodiscard]] thread_index thread_count() const { return thread_count_; }
  [[nodiscard]] event_id last(thread_index t) const {
    return {t, static_cast<std::uint16_t>(threads_[t].size())};
  }
  [[nodiscard]] const std::vector<event_id>& trail() const { return trail_; }
  [[nodiscard]] std::size_t location_count() const { return locations_.size(); }
  [[nodiscard]] const location_record& location(location_id l) const { return locations_[l]; }
  [[nodiscard]] const noted_request& parameters(const event& e) const {
    return parameters_[e.parameters];
  }
  /// Effects: the load waits for values that satisfy it.
  void let_wait(const event& load, const rt::predicate& holds) {
    parameters_[load.parameters].holds = holds;
  }
  /// Effects: the load reads no value that satisfies `unless`.
  void let_refuse(event_id load, const rt::predicate& unless) {
    parameters_[at(load).parameters].unless = unless;
  }
  /// True if threads that are declared identical have started.
  [[nodiscard]] bool has_twins() const { return twins_ != 0; }
  /// No more events than these are seq_cst.
  [[nodiscard]] unsigned most_seq_cst() const { return seq_cst_; }
  [[nodiscard]] bool finished(thread_index t) const {
    return !threads_[t].empty() && threads_[t].back().op == operation::finish;
  }

  /// True if x is contained in view v of event `owner` (strictly before it in its own thread).
  [[nodiscard]] bool contains(view v, event_id owner, event_id x) const {
    if (x.initial()) return true;
    if (x.thread == owner.thread) return x.index < owner.index;
    return views.at(v, x.thread) >= static_cast<clock_value>(x.index);
  }
  [[nodiscard]] bool hb(event_id before, event_id after) const {
    return contains(at(after).hb, after, before);
  }
  [[nodiscard]] bool porf(event_id before, event_id after) const {
    return contains(at(after).porf, after, before);
  }

  [[nodiscard]] event_id mo_next(location_id l, event_id store) const {
    return store.initial() ? first_store(l) : at(store).mo_after;
  }
  [[nodiscard]] event_id mo_last(location_id l) const { return locations_[l].mo_last; }
  /// The value that `store` leaves at its location.
  [[nodiscard]] word value(location_id l, event_id store) const {
    return store.initial() ? initial_values_[l] : at(store).written;
  }
  /// The successful read-modify-write that reads `store`, or no_event.
  [[nodiscard]] event_id rmw_reader(location_id l, event_id store) const;
  /// The mo-latest store that coherence forces event `e` (its view `v`) to have seen: a store in v,
  /// or one read by a load in v.
  [[nodiscard]] event_id floor(location_id l, event_id e, view v) const;
  /// True if `a` is mo-before or equal to `b`.
  [[nodiscard]] bool mo_not_after(event_id a, event_id b) const;

  /// True if the start of thread t is in the graph, or t is the first thread.
  [[nodiscard]] bool born(thread_index t) const {
    const event_id b = births_[t];
    return t == 0 || (b != no_event && b.index <= size(b.thread) && at(b).op == operation::spawn &&
                      at(b).read == t);
  }
  /// The spawn event of a thread; initial_store for the first one.
  [[nodiscard]] event_id birth(thread_index t) const {
    return births_[t] == no_event ? initial_store : births_[t];
  }
  /// The views that event `e` starts from: those of its predecessor in program order.
  [[nodiscard]] view inherited_hb(event_id e) const { return inherited(e).hb; }
  [[nodiscard]] view inherited_porf(event_id e) const { return inherited(e).porf; }

  // ---- arrivals (arrivals.cpp) ------------------------------------------------------------------
  /// Calls f(event_id) for each arrival of a phase.
  template <class F>
  void for_arrivals(location_id l, word phase, F f) const {
    for (event_id a = locations_[l].newest_load; a != no_event; a = at(a).older_load)
      if (at(a).op == operation::arrive && at(a).read == phase) f(a);
  }
  /// How many arrivals end a phase, and how many there are.
  [[nodiscard]] word expected_arrivals(location_id l, word phase) const;
  [[nodiscard]] word arrivals(location_id l, word phase) const;
  [[nodiscard]] bool all_arrived(location_id l, word phase) const {
    return arrivals(l, phase) == expected_arrivals(l, phase);
  }
  [[nodiscard]] bool has_surplus(location_id l, word phase) const {
    return arrivals(l, phase) > expected_arrivals(l, phase);
  }

  // ---- writing ----------------------------------------------------------------------------------
  location_id add_location(word initial);
  void add_thread(thread_index);
  /// Adds the next event of thread t. Loads have no source and stores no place yet.
  event_id append(thread_index t, const request&);
  /// Makes a load read `source`: its value, its views and, for a read-modify-write, what it writes.
  void set_source(event_id load, event_id source, bool spurious = false);
  /// Makes an attempt one that failed, whatever it read.
  void fail_blindly(event_id attempt);
  void link(event_id store, event_id after);
  void unlink(event_id store);
  /// Removes the event that was added last.
  void remove_last();
  /// Takes the last event of its thread out of the graph; the trail is the caller's affair.
  event detach(event_id);
  void reattach(event_id, const event&);
  /// Makes `id` an event that reads something else but has the same place in mo.
  void replace(event_id id, const event& e) {
    changed |= std::uint32_t{1} << id.thread;
    at(id) = e;
  }
  /// Makes a choice return `value`.
  void choose(event_id id, word value) {
    changed |= std::uint32_t{1} << id.thread;
    at(id).read = value;
    at(id).next = 0;
  }

  std::vector<event_id>& trail() { return trail_; }
  [[nodiscard]] std::uint64_t fresh_mark() const { return ++mark_; }
  void release_parameters(std::uint32_t top) { parameters_.resize(top); }
  [[nodiscard]] std::uint32_t parameters_top() const {
    return static_cast<std::uint32_t>(parameters_.size());
  }

  /// Threads whose last event came, went or reads something else; the caller clears it.
  std::uint32_t changed = 0;
  view_pool views;
  std::uint32_t stamp = 0;

 private:
  [[nodiscard]] event_id first_store(location_id l) const {
    const event_id f = locations_[l].mo_first;
    return f.initial() ? no_event : f;
  }
  struct inheritance {
    view hb, porf, pending;
    std::uint16_t release_fence;
  };
  [[nodiscard]] inheritance inherited(event_id) const;
  [[nodiscard]] word phase_of(event_id arrival) const;
  void inherit(event_id, event&) const;
  void compute_message(event_id, event&);
  void link_load(event_id);
  void unlink_load(event_id);

  std::array<std::vector<event>, rt::max_threads> threads_;
  std::array<event_id, rt::max_threads> births_{};  ///< The spawn event of each thread.
  thread_index thread_count_ = 0;
  std::vector<location_record> locations_;
  std::vector<word> initial_values_;
  std::vector<noted_request> parameters_;
  std::vector<event_id> trail_;       ///< All events by ascending stamp.
  unsigned seq_cst_ = 0, twins_ = 0;  // Events that are.
  mutable std::uint64_t mark_ = 0;
};

}  // namespace pawl::check::engine

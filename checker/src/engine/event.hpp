// The events of an execution graph, and the requests that become events.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <source_location>

#include <pawl/check/runtime.hpp>

#include "view.hpp"

namespace pawl::check::engine {

using rt::word;

/// Names an event: the index-th event (from 1) of a thread. Index 0 is the initial store of a
/// location. The name of an event survives the deletion of events that are not porf-before it.
struct event_id {
  thread_index thread = 0;
  std::uint16_t index = 0;
  [[nodiscard]] bool initial() const { return index == 0; }
  friend bool operator==(event_id, event_id) = default;
};
inline constexpr event_id initial_store{};
inline constexpr event_id no_event{0xffff, 0xffff};

/// The event as one number.
[[nodiscard]] constexpr std::uint64_t number_of(event_id e) {
  return std::uint64_t{e.thread} << 16 | e.index;
}

using location_id = std::uint32_t;
inline constexpr location_id no_location = 0xffffffffu;

enum class operation : std::uint8_t {
  load,
  store,
  fetch,
  compare_exchange,
  await,
  await_update,
  fence,
  spawn,
  join,
  finish,
  choose,
  arrive,          ///< At a latch or barrier; see arrivals.cpp.
  await_arrivals,  ///< Until all have arrived.
  try_update,      ///< Like a compare-exchange, with a predicate.
  attempt,         ///< A try_update whose failure tells nothing; see attempts.cpp.
};

/// What a thread asks for when it reaches an operation.
struct request {
  operation op;
  std::memory_order order = std::memory_order_relaxed;
  std::memory_order failure = std::memory_order_relaxed;  ///< Of what tries to write, and fails.
  rt::rmw kind = rt::rmw::exchange;
  bool weak = false;
  bool timed = false;  ///< A wait whose deadline may pass instead: blocked is no deadlock.
  bool drops = false;  ///< An arrival that nobody makes in later phases.
  bool twin = false;   ///< The start of a thread that does what the one started just before does.
  bool keeps = false;  ///< An await_update that only reads where the value would stay the same.
  std::uint8_t size = 8;
  location_id location = no_location;
  /// Value stored, operand, desired value; thread joined or spawned; choices; how many arrive; the
  /// phase waited for.
  word operand = 0;
  word expected = 0;
  rt::predicate holds{};   ///< Of waits; of a load, if it is known to spin (spin_waits.hpp).
  rt::update next{};
  std::source_location where{};
};

/// What an event that reads asks for.
struct noted_request : request {
  rt::predicate unless{};  ///< After an attempt that failed: what it would have accepted.
};

/// True of operations that wait for events of others and read nothing.
[[nodiscard]] constexpr bool is_unsourced_wait(operation op) {
  return op == operation::join || op == operation::await_arrivals;
}

/// True of operations that wait until no other can be added: ends and joins make no difference to
/// what others read, and what is added late need not be taken out for revisits.
[[nodiscard]] constexpr bool comes_last(operation op) {
  return op == operation::finish || op == operation::join;
}

/// True of operations that write or not, by what they read: a loop around one may spin.
[[nodiscard]] constexpr bool tries(operation op) {
  return op == operation::compare_exchange || op == operation::try_update ||
         op == operation::attempt;
}

/// True of operations that read a store.
[[nodiscard]] constexpr bool reads(operation op) {
  return op == operation::load || op == operation::fetch || tries(op) || op == operation::await ||
         op == operation::await_update;
}

/// True if both ask for the same.
[[nodiscard]] inline bool same(const rt::predicate& a, const rt::predicate& b) {
  return a.holds == b.holds && std::ranges::equal(a.captured, b.captured);
}

[[nodiscard]] inline bool same(const rt::update& a, const rt::update& b) {
  return a.next == b.next && std::ranges::equal(a.captured, b.captured);
}

/// What an operation does with the value it reads.
struct outcome {
  bool holds = true;  ///< False: the thread waits.
  bool writes = false;
  word written = 0;
};
[[nodiscard]] outcome evaluate(const request&, word read);
[[nodiscard]] inline outcome evaluate(const noted_request& q, word read) {
  if (q.unless.holds != nullptr && q.unless.holds(q.unless.captured, read)) return {.holds = false};
  return evaluate(static_cast<const request&>(q), read);
}

struct event {
  std::uint32_t stamp;  ///< The order in which events were added.
  location_id location;
  event_id source;               ///< rf: the store that is read.
  event_id mo_before, mo_after;  ///< Neighbours in the modification order, for stores.
  event_id older_load;           ///< The previous load (by stamp) of the location.
  /// Values. Of a spawn, `written` is the child's porf; of an arrival, `read` is its phase and
  /// `written` how many arrive.
  word read, written;
  view hb, porf;  ///< Strictly before the event in other threads; its own lane is its index.
  view message;   ///< What an acquire of this store learns, with `message_at`; of a spawn: the
                  ///< child's hb.
  view pending;   ///< Messages read by relaxed loads so far, for a later acquire fence.
  event_id message_at;
  std::uint16_t release_fence;  ///< Index of the thread's last release fence; 0 = none.
  operation op;
  std::memory_order order;  ///< In effect: the failure order of a failed compare-exchange or try.
  bool reads, writes;
  bool maximal;   ///< Read the mo-maximal store / was put last in mo, when it was added.
  bool blocked;   ///< A wait whose source fails its predicate: the last event of its thread.
  bool in_place;  ///< A wait that moves along mo without being revisited (unblocking).
  bool seq_cst;   ///< Its request is; a compare-exchange that fails may be weaker.
  bool spurious;  ///< A weak compare-exchange that fails although the value matches.
  bool drops;     ///< See request.
  bool twin;      ///< See request.
  std::uint32_t failure;       ///< Of an attempt: its failure among what is pending, from 1.
  std::uint32_t parameters;    ///< Index of the request, for events that read.
  std::uint32_t state;         ///< Of its thread before it; see behaviour.
  std::uint32_t next;          ///< The state that it leads to, once that was looked up.
  mutable std::uint64_t mark;  ///< Scratch of searches over the graph; see graph::fresh_mark().
  std::source_location where;
};

/// True of an update that leaves the value as it was.
[[nodiscard]] constexpr bool is_silent(const event& e) {
  return e.op == operation::fetch && e.written == e.read;
}

/// True of an attempt that failed and stands for all that it may have read.
[[nodiscard]] constexpr bool has_failed_blindly(const event& e) {
  return e.op == operation::attempt && !e.reads;
}

/// True of operations that are kept in the list of loads of their location.
[[nodiscard]] constexpr bool is_listed(const event& e) {
  return e.reads || e.op == operation::arrive || e.op == operation::await_arrivals ||
         e.op == operation::attempt;
}

[[nodiscard]] constexpr bool acquires(std::memory_order o) {
  return o == std::memory_order_acquire || o == std::memory_order_consume ||
         o == std::memory_order_acq_rel || o == std::memory_order_seq_cst;
}
[[nodiscard]] constexpr bool releases(std::memory_order o) {
  return o == std::memory_order_release || o == std::memory_order_acq_rel ||
         o == std::memory_order_seq_cst;
}

}  // namespace pawl::check::engine

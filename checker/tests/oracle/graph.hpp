#pragma once

#include <compare>
#include <string>
#include <vector>

#include "program.hpp"

namespace pawl::oracle {

/// Names an event: the `index`-th event of `thread`, both from 0. Only accesses and fences count;
/// creating, starting, ending and joining threads don't.
struct event_id {
  int thread = -1;
  int index = 0;

  /// The store that gave a location its first value 0.
  static constexpr event_id init() noexcept { return {}; }
  bool is_init() const noexcept { return thread < 0; }

  auto operator<=>(const event_id&) const = default;
};

/// What an operation turned out to be: a failed CAS is a read, a passed await a read, a passed
/// await_rmw an update. A blocked event is an await whose location never passes its test.
enum class effect { read, write, update, fence, blocked };

struct event {
  effect kind = effect::fence;
  int location = 0;
  memory_order order = memory_order::relaxed;  ///< of a failed CAS: its failure order
  value read = 0;
  value written = 0;
  event_id source;  ///< rf: the store that a read, update or blocked event reads

  bool has_location() const noexcept { return kind != effect::fence; }
  bool is_read() const noexcept { return has_location() && kind != effect::write; }
  bool is_write() const noexcept { return kind == effect::write || kind == effect::update; }
};

/// An execution graph: the events of each thread in program order, and for each location its stores
/// in modification order, without the initial one.
struct graph {
  std::vector<std::vector<event>> threads;
  std::vector<std::vector<event_id>> mo;

  const event& at(event_id id) const {
    return threads[static_cast<std::size_t>(id.thread)][static_cast<std::size_t>(id.index)];
  }

  /// The value a store wrote; 0 for the initial one.
  value written_by(event_id id) const { return id.is_init() ? 0 : at(id).written; }

  /// The mo-maximal store of a location.
  event_id last_store(int location) const;
};

/// The canonical text of a graph: equal graphs, and only they, have equal texts. One line an event,
/// thread by thread in program order, then one line a location:
///
///     t.i:R loc=L order r=<value read> rf=<t.i or init>
///     t.i:W loc=L order w=<value written>
///     t.i:U loc=L order r=<value read> w=<value written> rf=<t.i or init>
///     t.i:F order
///     t.i:BLOCKED loc=L rf=<t.i or init>       (last of its thread)
///     mo L: t.i t.i …                          (for every location, even without stores)
///
/// Orders are spelt as order_name() does. Every line ends with a newline.
std::string canonical(const graph&);

/// The text of an outcome: `t0 r0=1 r1=0 | t1 r0=0 r1=0 | x=1 y=2`, every register of every thread
/// (registers[t][r]), then the final value of every location.
std::string outcome(const std::vector<std::vector<value>>& registers,
                    const std::vector<value>& memory);

}  // namespace pawl::oracle

#pragma once
// Counting at a gate, with the errors that latch and wait_group share.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/gate_store.hpp>
#include <pawl/sync/synchronizer.hpp>

PAWL_BEGIN

namespace detail {

// Throws: std::length_error that says whose limit is passed.
[[noreturn]] void throw_too_many(const char* whose, count_t asked, count_t limit);

void count_down_slowly(synchronizer<gate_store>& gate, count_t n, const char* caller);

// Effects: n of what the gate counts have happened; whoever waits for it to open is resumed.
// Throws: std::logic_error in the name of the caller if there are less; nothing has changed.
inline void count_down(synchronizer<gate_store>& gate, count_t n, const char* caller) {
  // What does not open the gate lets nobody go.
  const auto lets_nobody_go = [n](gate_word w) {
    if (n < w.count()) [[likely]]
      return true;
    return n == w.count() && !w.has(gate_word::queued);
  };
  const auto counted = [n](gate_word w) { return w.counted_down(n); };
  // [gate.3] release/relaxed: GATE-HB, the other half; pairs with [gate.1], [sem.6], [sem.16],
  // [sem.22].
  const memory_order order = fault::order_unless(fault::weak_count, memory_order_release);
  if (gate.try_alter(lets_nobody_go, counted, order)) [[likely]]
    return;
  count_down_slowly(gate, n, caller);
}

}  // namespace detail

PAWL_END

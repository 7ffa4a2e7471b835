#pragma once
// Counting at a gate, with the errors that latch and wait_group share.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/gate_store.hpp>
#include <pawl/sync/synchronizer.hpp>

PAWL_BEGIN

namespace detail {

// Throws: std::length_error that says whose limit is passed.
[[noreturn]] void throw_too_many(const char* whose, count_t asked, count_t limit);

// Effects: n of what the gate counts have happened; whoever waits for it to open is resumed.
// Throws: std::logic_error in the name of the caller if there are less; nothing has changed.
void count_down(synchronizer<gate_store>& gate, count_t n, const char* caller);

}  // namespace detail

PAWL_END

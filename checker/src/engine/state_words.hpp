// Locks and conditions in words: their states, and what a thread waits for.
#pragma once

#include <string>
#include <string_view>

#include "runtime.hpp"

namespace pawl::check::engine {

/// What an unnamed object of this kind is called, before its number.
[[nodiscard]] std::string_view kind_name(rt::show_as) noexcept;

/// The state of a mutex, a shared mutex, a condition variable or a once_flag: what it "is".
[[nodiscard]] std::string state_text(const runtime&, rt::show_as, word);

/// Of a latch or barrier: "2 of 3 have arrived", in the latest phase.
[[nodiscard]] std::string arrivals_text(const runtime&, location_id, word);

/// "thread 1 and thread 3"; `set` has a bit for each.
[[nodiscard]] std::string thread_names(const runtime&, word set);

/// What `t` waits for in its blocked event: "mutex#1, held by thread 2".
[[nodiscard]] std::string awaited_text(const runtime&, thread_index t, const event&);

/// The thread that `t` waits for, since that holds a lock or has to end; -1 if that is not one.
[[nodiscard]] int waits_for_thread(const runtime&, thread_index t);

/// The threads of `waiting` (ascending), those first that wait for each other in a circle.
[[nodiscard]] std::vector<thread_index> circle_first(const runtime&,
                                                     std::vector<thread_index> waiting);

}  // namespace pawl::check::engine

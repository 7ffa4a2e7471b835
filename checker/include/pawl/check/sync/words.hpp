// The state words of locks and conditions: what their bits mean. Each object of pawl/check/sync.hpp
// is one such word, which lives in the engine, so that every execution begins with its initial
// value; what changes it is told in the file of the object, with the states it goes through.
#pragma once

#include <pawl/check/runtime.hpp>

namespace pawl::check::sync {

using rt::site;
using rt::thread_id;
using rt::word;

// Mutexes, writers of a shared mutex, callers of a once_flag: the lowest byte is the number of the
// thread and one; 0: none.
static_assert(rt::max_threads <= 32, "sets of threads are halves of a word");
[[nodiscard]] constexpr word holder(thread_id t) noexcept { return t + word{1}; }
[[nodiscard]] constexpr word holder_in(word v) noexcept { return v & 0xff; }

// Recursive mutexes: the upper half is how often the holder has locked it beyond the first time.
inline constexpr word once_more = word{1} << 32;
[[nodiscard]] constexpr word times_more(word v) noexcept { return v >> 32; }

// Shared mutexes: the upper half is the set of readers.
[[nodiscard]] constexpr word reader(thread_id t) noexcept { return word{1} << (32 + t); }
[[nodiscard]] constexpr word readers_in(word v) noexcept { return v >> 32; }

// Condition variables: the lower half is the set of threads that wait, the upper half that of those
// among them that were notified.
[[nodiscard]] constexpr word waiter(thread_id t) noexcept { return word{1} << t; }
[[nodiscard]] constexpr word notified(word waiters) noexcept { return waiters << 32; }
[[nodiscard]] constexpr word waiters_in(word v) noexcept { return v & 0xffff'ffff; }
[[nodiscard]] constexpr word notified_in(word v) noexcept { return v >> 32; }

// once_flag: beside its caller, whether a call has returned.
inline constexpr word called = word{1} << 8;

}  // namespace pawl::check::sync

// The engine as a backend sees it: operations of the running model thread.
//
// Every function acts for the model thread that calls it; outside an exploration the atomic and
// plain operations act natively on the object (single-threaded set-up code), and so do those that
// wait, if they need not; the others are errors.
// Values are the object representation of a T of at most 8 bytes, zero-extended to a word.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <source_location>

namespace pawl::check::rt {

using word = std::uint64_t;
using site = std::source_location;

/// How values of an atomic object are shown in reports. The last ones are the state words of
/// pawl/check/sync.hpp, which are told in words.
enum class show_as : std::uint8_t {
  unsigned_integer,
  signed_integer,
  boolean,
  pointer,
  bytes,
  mutex,
  shared_mutex,
  condition,
  semaphore,
  once,
  latch,
  barrier,
};

/// The state of one atomic object: its value before the execution, and where the engine keeps it.
/// Constant-initialised objects (globals) have no birth in the execution and are never reset.
struct atomic_object {
  word initial = 0;
  std::uint32_t run = 0;  ///< The run in which `location` is valid; `dead` after destruction.
  std::uint32_t location = 0;
  std::uint8_t size = 8;
  show_as show = show_as::unsigned_integer;
  std::uint16_t creator = 0;     ///< In this run: the thread that constructed it, …
  std::int32_t created_at = -1;  ///< … and the events of that before; -1: it was there before.
};
inline constexpr std::uint32_t dead = 0xdeadbeefu;

void atomic_begin(atomic_object&, site);  ///< Construction during an execution.
void atomic_end(atomic_object&,
                site) noexcept;  ///< Destruction: no access may be unordered with it.

word load(const atomic_object&, std::memory_order, site);
void store(atomic_object&, word, std::memory_order, site);

enum class rmw : std::uint8_t { exchange, add, sub, bit_and, bit_or, bit_xor };
word fetch(atomic_object&, rmw, word operand, std::memory_order, site);  ///< Returns the old value.
bool compare_exchange(atomic_object&, word& expected, word desired, bool weak,
                      std::memory_order success, std::memory_order failure, site);
void fence(std::memory_order, site);

/// A condition on a value, and the value that follows it: pure functions of `value` and of the
/// captured bytes, which the engine keeps and evaluates when it likes (a lambda of at most 16
/// trivially copyable bytes).
struct predicate {
  bool (*holds)(const word* captured, word value) = nullptr;
  word captured[2] = {};
};
struct update {
  word (*next)(const word* captured, word value) = nullptr;
  word captured[2] = {};
};
/// Blocks until the object has a value for which `p` holds; returns one such value.
word await(const atomic_object&, predicate p, std::memory_order, site);
/// The same, and atomically replaces the value by u(value). Returns the old value.
word await_update(atomic_object&, predicate p, update u, std::memory_order, site);
/// Both with a timeout, which is a choice of the exploration: false = timed out.
bool await_until(const atomic_object&, predicate p, std::memory_order, word& value, site);
bool await_update_until(atomic_object&, predicate p, update u, std::memory_order, word& value,
                        site);
/// As await_update; but a value that u leaves as it is, is only read.
word await_change(atomic_object&, predicate p, update u, std::memory_order, site);
/// As await_update; but an execution in which p never comes to hold is discarded like one with a
/// false assumption: for what others cover.
word assume_update(atomic_object&, predicate p, update u, std::memory_order, site);

/// What a try found: the value it read, and whether it replaced it.
struct attempt {
  word read;
  bool wrote;
};
/// One event that never waits: a read-modify-write if `p` holds for the value it reads, else a
/// read, which may be of an old value.
attempt try_update(atomic_object&, predicate p, update u, std::memory_order success,
                   std::memory_order failure, site);
inline attempt try_update(atomic_object& o, predicate p, update u, std::memory_order order,
                          site at) {
  return try_update(o, p, u, order, std::memory_order_relaxed, at);
}
/// The same, where a failure tells nothing but that the value was not accepted: the caller goes on
/// with an access to the same object, in a way that leads to the same end if a value is found for
/// which `p` holds. One failure stands for all. Returns: whether it replaced the value.
bool attempt_update(atomic_object&, predicate p, update u, std::memory_order success, site);

/// Arrivals at a latch or barrier whose object has the number of threads expected as its initial
/// value, and latch or barrier as `show`. They are not ordered among themselves.
///
/// arrive() counts `n` arrivals of the current phase; release. Returns the phase, from 0. With
/// `drops`, later phases expect as many fewer. More arrivals at a latch than expected are a misuse.
word arrive(atomic_object&, word n, bool drops, site);
/// Blocks until the phase has all its arrivals, which then happen before.
void await_arrivals(const atomic_object&, word phase, site);
/// The same with a timeout, a choice of the exploration: false = timed out.
bool await_arrivals_until(const atomic_object&, word phase, site);
/// True if nothing settles which phase of a barrier an arrival belongs to but their order: more
/// threads arrive than it expects. Barriers must order them then, by read-modify-writes.
[[nodiscard]] bool orders_arrivals();

/// The state of one piece of plain shared data, for data-race detection.
struct plain_object {
  std::uint32_t run = 0;                 ///< The run the rest belongs to; `dead` after destruction.
  std::uint16_t writer = 0, reader = 0;  ///< The last write and the last read: thread …
  std::int32_t write_at = -1,
               read_at = -1;  ///< … and the number of its events before it; -1 = none.
  std::uint32_t readers = 0;  ///< 1 + index of the engine's read vector, when several threads read.
  site write_site = {}, read_site = {};
};
void plain_begin(plain_object&, site) noexcept;
void plain_read(const plain_object&, site);
void plain_write(plain_object&, site);
void plain_end(plain_object&, site) noexcept;

// ---- threads ------------------------------------------------------------------------------------
using thread_id = std::uint32_t;
inline constexpr thread_id max_threads = 32;

/// Starts a model thread that runs body(context). `context` must stay valid until it has started.
thread_id spawn(void (*body)(void*), void* context, site);
/// Starts n threads that do the same, and writes their numbers to `out`. See symmetric_threads.
void spawn_symmetric(std::uint32_t n, void (*body)(void*), void* context, thread_id* out, site);
void join(thread_id, site);
thread_id current_thread() noexcept;
void yield(site);

/// Storage of the running thread, `size` bytes; `key` is the address of a static object.
/// `construct` runs at the first call of a thread, `destroy` when it ends.
void* thread_storage(const void* key, std::size_t size, void (*construct)(void*),
                     void (*destroy)(void*));

/// Memory of the running thread that lives until the execution ends, and is no leak then.
void* scratch(std::size_t size);

// ---- time ---------------------------------------------------------------------------------------
/// Virtual nanoseconds of the running thread; waiting until a deadline advances it.
std::chrono::nanoseconds now() noexcept;
void advance(std::chrono::nanoseconds to) noexcept;

// ---- errors -------------------------------------------------------------------------------------
/// Ends the exploration with a bug found by a backend or a library object ("unlock of a free
/// mutex").
[[noreturn]] void misuse(const char* what, site);
/// The same, of an object that had this value: "thread 1 unlocks mutex#1, which is free". `does` is
/// what the calling thread does to it.
[[noreturn]] void misuse(const atomic_object&, const char* does, word value, site);

/// True on a model thread.
[[nodiscard]] bool on_model_thread() noexcept;

}  // namespace pawl::check::rt

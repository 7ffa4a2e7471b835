#pragma once
// THE switch point. Everything the library needs from its surroundings (atomics, threads, parking,
// clock, thread-local values) comes through this header, from one of three backends:
//
//   native   std::atomic, std::thread, futex                   (default)
//   model    every operation is an event of the model checker  (PAWL_BACKEND_MODEL)
//   relacy   Relacy's simulated atomics and threads            (PAWL_BACKEND_RELACY)
//
// The macro comes from the CMake target that is linked, never from a source file. All library code
// lives between PAWL_BEGIN and PAWL_END, so that objects of two backends have different names and
// mixing them fails at link time (CMake refuses it earlier, see lib/CMakeLists.txt).
//
// A backend provides, with the same meaning (the native headers document it):
//   atomic<T>, atomic_thread_fence, memory_order…   atomic.hpp
//   update, attempt, push                           update.hpp (native: retry.hpp)
//   spin_hint, spin_until, spin_update              spin.hpp
//   cell<T>                                         cell.hpp
//   thread, this_thread::{yield,get_id}             thread.hpp
//   thread_slot<T>                                  thread_slot.hpp
//   parker                                          parker.hpp
//   steady_clock                                    clock.hpp
//   limits::…                                       limits.hpp
//   detail::next_number                             numbers.hpp
//   detail::report_leak, ownership_mark             leak.hpp
//   source_location                                 source_location.hpp
//   ambient_scheduler, fallback_timers              ambient.hpp (see pawl/backend/ambient.hpp)

#include <pawl/backend/namespace.hpp>

#if defined(PAWL_BACKEND_MODEL)
#include <pawl/backend/model/backend.hpp>
#elif defined(PAWL_BACKEND_RELACY)
#include <pawl/backend/relacy/backend.hpp>
#else
#include <pawl/backend/native/atomic.hpp>
#include <pawl/backend/native/cell.hpp>
#include <pawl/backend/native/clock.hpp>
#include <pawl/backend/native/leak.hpp>
#include <pawl/backend/native/limits.hpp>
#include <pawl/backend/native/numbers.hpp>
#include <pawl/backend/native/parker.hpp>
#include <pawl/backend/native/source_location.hpp>
#include <pawl/backend/native/spin.hpp>
#include <pawl/backend/native/thread.hpp>
#include <pawl/backend/native/thread_slot.hpp>
#include <pawl/backend/native/update.hpp>
#endif

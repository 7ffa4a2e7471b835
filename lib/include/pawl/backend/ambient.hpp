#pragma once
// The scheduler half of the seam: where `spawn(task)` without a scheduler runs its task, and who
// keeps the deadlines of coroutines whose scheduler has no timers. A backend provides:
//
// class ambient_scheduler {       // one object for each such spawn; immovable
//   ambient_scheduler();          // chooses, or starts, the place; called by the spawning thread
//   ~ambient_scheduler();         // called once by the finished task, on that place, after which
//                                 // nothing more is scheduled there on the task's behalf
//   scheduler& get() noexcept;    // the place
// };
// timer_service& fallback_timers() noexcept;
//
// native: the scheduler whose thread is spawning (current_scheduler()), else the process-wide pool,
//         default_pool(), whose timers are also the fallback.
// model:  a thread of its own for each task, so that every interleaving of tasks is explored,
//         whatever pool they would run on in production.

#include <pawl/backend/backend.hpp>

#if defined(PAWL_BACKEND_MODEL)
#include <pawl/backend/model/ambient.hpp>
#elif defined(PAWL_BACKEND_RELACY)
#include <pawl/backend/relacy/ambient.hpp>
#else
#include <pawl/backend/native/ambient.hpp>
#endif

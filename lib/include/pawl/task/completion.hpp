#pragma once
// The meeting of a spawned task's end with whoever waits for it.

#include <pawl/backend/backend.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/work_item.hpp>

#include <cstdint>

PAWL_BEGIN

namespace detail {

// One task and one handle share it; the phase decides who destroys it.
//
// phase    | meaning                          | next, by whom
// running  | the task runs, the handle exists | finished: task · awaited, detached: handle
// awaited  | the handle's owner waits         | finished: task · detached: destroyed waiter
// detached | the handle is gone               | the task destroys the object when it ends
// finished | the task has ended               | final; the handle destroys the object
//
// Ownership: joiner_ and where_ are written by the handle's owner before `awaited` and read by the
// task after it finds that; the task's outcome is written before `finished`.
class completion {
 public:
  enum class phase : std::uint8_t { running, awaited, detached, finished };

  completion() noexcept = default;
  completion(const completion&) = delete;
  completion& operator=(const completion&) = delete;

  // Effects: says that the task has ended, and schedules the joiner if there is one. Unless the
  //   result is `detached`, the object may be gone when the call returns.
  // Returns: the phase before.
  phase finish() noexcept;

  [[nodiscard]] bool is_finished() const noexcept;

  // Effects: `joiner` will run on `where` (null: inline) when the task ends.
  // Returns: false if it has ended already; then nothing was done.
  [[nodiscard]] bool try_await(work_item& joiner, scheduler* where) noexcept;

  // Effects: leaves the object to the task.
  // Returns: false if the task has ended: the object is the caller's to destroy.
  [[nodiscard]] bool try_detach() noexcept;

 private:
  atomic<phase> phase_{phase::running};
  cell<work_item*> joiner_{nullptr};
  cell<scheduler*> where_{nullptr};
};

// Effects: blocks the calling thread until the task has ended.
void wait_blocking(completion& of) noexcept;

}  // namespace detail

PAWL_END

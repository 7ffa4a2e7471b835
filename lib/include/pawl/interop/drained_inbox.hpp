#pragma once
// The part of a scheduler that has somebody else's threads come and fetch the work.

#include <pawl/backend/backend.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/work_item.hpp>

PAWL_BEGIN

namespace detail {

// Work items that wait for a drain. Who puts the first one in has to order the drain, so at most
// one is ordered that has not begun (INBOX-ONE).
class drained_inbox {
 public:
  constexpr drained_inbox() noexcept = default;
  drained_inbox(const drained_inbox&) = delete;
  drained_inbox& operator=(const drained_inbox&) = delete;

  // Effects: puts it in. Returns: whether a drain is to be ordered, by the caller; until then *this
  //   stays. Otherwise *this may be gone.
  // Memory ordering: the beginning of the last drain happens before the return of true.
  // Complexity: constant, retried when another thread does the same at the same moment.
  [[nodiscard]] bool push(work_item& item) noexcept;

  // Effects: takes all items out and runs them in the order in which they were put in, with `by` as
  //   current_scheduler(). They may destroy *this.
  void drain(scheduler& by) noexcept;

 private:
  atomic<work_item*> latest_{nullptr};
};

}  // namespace detail

PAWL_END

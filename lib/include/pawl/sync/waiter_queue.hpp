#pragma once
// First in, first out, and out of the middle.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/waiter.hpp>

PAWL_BEGIN

// The waiters of a synchronizer in the order of their grants. Belongs to the holder of LOCK. A
// ring: the first waiter's prev_ is the last one, so that one pointer suffices.
class waiter_queue {
 public:
  constexpr waiter_queue() noexcept = default;

  // Returns: the first waiter, null if there is none.
  [[nodiscard]] waiter* front() const noexcept { return first_.read(); }

  void push_back(waiter& w) noexcept {
    if (waiter* const first = front()) {
      link_before(*first, w);
    } else {
      w.next_.write(&w);
      w.prev_.write(&w);
      first_.write(&w);
    }
  }

  void push_front(waiter& w) noexcept {
    push_back(w);
    first_.write(&w);
  }

  // Precondition: `behind` is queued.
  void push_before(waiter& behind, waiter& w) noexcept {
    link_before(behind, w);
    if (front() == &behind) first_.write(&w);
  }

  // Returns: the last waiter, null if there is none.
  [[nodiscard]] waiter* back() const noexcept {
    waiter* const first = front();
    return first == nullptr ? nullptr : first->prev_.read();
  }

  // Precondition: w is queued.
  void remove(waiter& w) noexcept {
    waiter* const next = w.next_.take();
    waiter* const prev = w.prev_.take();
    if (next == &w) {
      first_.write(nullptr);
      return;
    }
    next->prev_.write(prev);
    prev->next_.write(next);
    if (front() == &w) first_.write(next);
  }

 private:
  static void link_before(waiter& behind, waiter& w) noexcept {
    waiter* const ahead = behind.prev_.read();
    w.next_.write(&behind);
    w.prev_.write(ahead);
    ahead->next_.write(&w);
    behind.prev_.write(&w);
  }

  cell<waiter*> first_{nullptr};
};

PAWL_END

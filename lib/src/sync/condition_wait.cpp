#include <pawl/backend/fault.hpp>
#include <pawl/sync/condition_wait.hpp>
#include <pawl/sync/inline_queue.hpp>
#include <pawl/sync/shared_permits.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/sync/thread_place.hpp>
#include <pawl/task/inline_scheduler.hpp>

#include <cassert>
#include <memory>

PAWL_BEGIN

namespace detail {

using mode = acquire_terms::mode;

condition_queue::~condition_queue() {
  if (fault::watchers_forgotten) return;
  const auto is_none = [](unsigned n) { return n == 0; };
  // [cond.4] acquire: the last accesses of others happen before the destruction; pairs with
  // [cond.3].
  spin_until(watched_, is_none, memory_order_acquire);
}

void condition_queue::begin_watch() noexcept {
  // [cond.5] relaxed: before the lock is let go; who destroys this knows of the wait by that.
  watched_.fetch_add(1, memory_order_relaxed);
}

void condition_queue::end_watch() noexcept {
  // [cond.3] release: pairs with [cond.4].
  watched_.fetch_sub(1, fault::order_unless(fault::weak_watch, memory_order_release));
}

template <class Store>
bool condition_wait<Store>::begin(std::coroutine_handle<> by, scheduler* where,
                                  work_item& back) noexcept {
  by_ = by;
  where_ = unless_inline(where);
  back_ = &back;
  if (fault::unlocked_too_early) lock_.put_back(unit_);
  // It lingers: a turn tells all of them, and leaves nothing for one of them to do here.
  std::construct_at(&untold_, condition_, 1, false, true);
  phase_.write(phase::untold);
  if (is_watched()) condition_.begin_watch();
  untold_.arrive();
  if (!fault::unlocked_too_early) lock_.put_back(unit_);
  if (suspend()) return true;
  end_untold();
  if (is_locked_at_once()) return false;
  unlocked_.leave(by_, this);
  run_put_off_inline();
  return true;
}

template <class Store>
bool condition_wait<Store>::suspend() noexcept {
  switch (terms_.how) {
    case mode::stoppable:
      return untold_.suspend(by_, this, terms_.token);
    case mode::timed:
      return untold_.suspend_until(by_, this, terms_.deadline);
    default:
      return untold_.suspend(by_, this);
  }
}

template <class Store>
void condition_wait<Store>::block() noexcept {
  thread_place here;
  work_item unused(nullptr);
  if (begin({}, &here, unused)) here.await();
}

// One of the two waits is settled, in the middle of the delivery of verdicts: nothing may run here
// but code of ours.
template <class Store>
void condition_wait<Store>::schedule(work_item&) noexcept {
  if (phase_.read() == phase::untold) {
    end_untold();
    if (!is_locked_at_once()) return unlocked_.leave(by_, this);
  }
  resume();
}

template <class Store>
timer_service* condition_wait<Store>::timers() noexcept {
  return where_ != nullptr ? where_->timers() : nullptr;
}

template <class Store>
void condition_wait<Store>::end_untold() noexcept {
  ended_.write(untold_.resumed());
  std::destroy_at(&untold_);
  if (is_watched()) condition_.end_watch();
}

// Effects: locks; if that has to wait, takes a place in the queue. Returns: whether it is over.
template <class Store>
bool condition_wait<Store>::is_locked_at_once() noexcept {
  count_t unit = unit_;
  const verdict v = take(lock_, unit, false);
  locked_.write(v);
  if (v != verdict::pending) {
    phase_.write(phase::over);
    return true;
  }
  phase_.write(phase::locking);
  std::construct_at(&unlocked_, lock_, unit_, false);
  unlocked_.arrive();
  return false;
}

template <class Store>
void condition_wait<Store>::resume() noexcept {
  phase_.write(phase::over);
  if (where_ != nullptr) {
    where_->schedule(*back_);
  } else {
    put_off_inline(*back_);
  }
}

template <class Store>
verdict condition_wait<Store>::finish() noexcept {
  end_locking();
  phase_.write(phase::idle);
  return has_lock() ? ended_.read() : locked_.read();
}

template <class Store>
void condition_wait<Store>::end_locking() noexcept {
  if (locked_.read() != verdict::pending) return;
  locked_.write(unlocked_.resumed());
  std::destroy_at(&unlocked_);
}

template <class Store>
void condition_wait<Store>::abandon() noexcept {
  if (phase_.read() == phase::untold) {
    untold_.abandon();
    std::destroy_at(&untold_);
    if (is_watched()) condition_.end_watch();
    return;
  }
  if (phase_.read() == phase::locking) {
    unlocked_.abandon();
    std::destroy_at(&unlocked_);
  } else {
    [[maybe_unused]] const bool taken_back = take_back_inline(*back_);
    assert(taken_back && "a suspended coroutine was destroyed on its way to its scheduler");
    end_locking();
    if (has_lock()) lock_.put_back(unit_);
  }
  if (ended_.read() == verdict::granted && !fault::told_and_gone) condition_.put_back(1);
  run_put_off_inline(1);
}

template class condition_wait<single_permit>;
template class condition_wait<shared_permits>;

}  // namespace detail

PAWL_END

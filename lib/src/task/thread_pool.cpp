#include <pawl/task/thread_pool.hpp>

#include <pawl/task/turn.hpp>

#include <stdexcept>

PAWL_BEGIN

// Lives on the stack of its thread.
struct thread_pool::worker {
  explicit worker(parker& p) noexcept : sleep(p) {}

  // Effects: wakes the worker, if there is one.
  static void wake(worker* taken) noexcept {
    if (taken != nullptr) taken->sleep.unpark();
  }

  parker& sleep;
  cell<worker*> next{nullptr};
  cell<bool> is_coming{false};  // counted in coming_
  cell<bool> gives_way{false};  // to whoever takes items, first of all the one who woke it
  cell<unsigned> taken{0};      // what taken_ was when it last looked, or was woken
};

thread_pool::thread_pool(unsigned threads) {
  if (threads == 0) {
    throw std::invalid_argument("thread_pool: 0 threads asked for, at least 1 is needed");
  }
  threads_.reserve(threads);
  try {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (...) {
    stop();
    throw;
  }
}

thread_pool::~thread_pool() { stop(); }

void thread_pool::stop() noexcept {
  lock_.lock();
  finished_.write(true);
  lock_.unlock();
  for (;;) {
    lock_.lock();
    worker* const sleeper = take_sleeper();
    lock_.unlock();
    if (sleeper == nullptr) break;
    worker::wake(sleeper);
  }
  for (thread& t : threads_) t.join();
}

void thread_pool::schedule(work_item& item) noexcept {
  item.next.write(nullptr);
  lock_.lock();
  work_item* const last = last_.read();
  (last != nullptr ? last->next : first_).write(&item);
  last_.write(&item);
  // An item that is alone is found by who is coming anyway; each further one wakes somebody.
  worker* const sleeper = last != nullptr || coming_.read() == 0 ? take_sleeper() : nullptr;
  if (sleeper != nullptr && last == nullptr && current_scheduler() == this) {
    sleeper->gives_way.write(true);
    sleeper->taken.write(taken_.read());
  }
  lock_.unlock();
  worker::wake(sleeper);
}

void thread_pool::work() noexcept {
  const detail::driving_scope here(*this);
  worker me(parker::current());
  turns turn;
  for (;;) {
    turn.next();
    if (run_next(me)) continue;
    lock_.lock();
    if (first_.read() != nullptr) {
      lock_.unlock();
    } else if (finished_.read()) {
      lock_.unlock();
      return;
    } else {
      wait(me);
      give_way(me);
    }
  }
}

// Effects: runs what comes first of a due timer and an item, if there is one.
bool thread_pool::run_next(worker& me) noexcept {
  lock_.lock();
  if (me.is_coming.read()) {
    me.is_coming.write(false);
    coming_.write(coming_.read() - 1);
  }
  timer_item* const due = heap_.first() != nullptr ? heap_.take_due(steady_clock::now()) : nullptr;
  work_item* const item = due == nullptr ? take_item() : nullptr;
  worker* const deputy = due != nullptr || item != nullptr ? take_deputy() : nullptr;
  lock_.unlock();
  worker::wake(deputy);
  if (due != nullptr) due->expired(*due);
  if (item != nullptr) (*item)();
  return due != nullptr || item != nullptr;
}

// Effects: sleeps until woken or, as the keeper, until the first deadline.
// Precondition: lock_ is held; it is released.
void thread_pool::wait(worker& me) noexcept {
  timer_item* const first = heap_.first();
  if (first != nullptr && keeper_.read() == nullptr) {
    keeper_.write(&me);
    const auto deadline = first->deadline;
    lock_.unlock();
    keep_time(me, deadline);
  } else {
    me.next.write(idle_.read());
    idle_.write(&me);
    lock_.unlock();
    me.sleep.park();
  }
}

// Effects: if a worker has woken this one for a single item, waits while others take items one by
//   one, at most some 30 µs.
// A task that schedules another, by unlocking what that waits for, often suspends next, and its
// worker takes the other one. Nothing has to move between processors then. If two of them did that
// in turn, each task would start with what the other's cache holds: 64 tasks that wait for a mutex
// and a condition variable then take 4 to 10 times as long. An item that its waker leaves is taken
// at the second look at the latest.
void thread_pool::give_way(worker& me) noexcept {
  if (!me.gives_way.read()) return;
  me.gives_way.write(false);
  for (unsigned looks = 0; looks < limits::most_deferrals; ++looks) {
    spin_at_length();
    const detail::bit_lock_guard held(lock_);
    const bool is_alone = first_.read() == last_.read();
    if (!is_alone || me.taken.read() == taken_.read()) return;
    me.taken.write(taken_.read());
  }
}

void thread_pool::keep_time(worker& me, steady_clock::time_point deadline) noexcept {
  if (me.sleep.park_until(deadline)) return;
  lock_.lock();
  const bool still_keeper = keeper_.read() == &me;
  if (still_keeper) keeper_.write(nullptr);
  lock_.unlock();
  if (!still_keeper) me.sleep.park();  // somebody has taken us off: the unpark is under way
}

work_item* thread_pool::take_item() noexcept {
  work_item* const item = first_.read();
  if (item == nullptr) return nullptr;
  first_.write(item->next.read());
  if (first_.read() == nullptr) last_.write(nullptr);
  taken_.write(taken_.read() + 1);
  return item;
}

thread_pool::worker* thread_pool::take_idle() noexcept {
  worker* const idle = idle_.read();
  if (idle != nullptr) {
    idle_.write(idle->next.read());
    expect(*idle);
  }
  return idle;
}

thread_pool::worker* thread_pool::take_keeper() noexcept {
  worker* const keeper = keeper_.read();
  if (keeper != nullptr) {
    keeper_.write(nullptr);
    expect(*keeper);
  }
  return keeper;
}

// Effects: counts a worker that has been taken off, until it has looked at the queue.
void thread_pool::expect(worker& taken) noexcept {
  taken.is_coming.write(true);
  coming_.write(coming_.read() + 1);
}

// Returns: a worker for new work, the keeper only if there is no other.
thread_pool::worker* thread_pool::take_sleeper() noexcept {
  worker* const idle = take_idle();
  return idle != nullptr ? idle : take_keeper();
}

// Returns: a worker for what the caller leaves, who is about to be busy: an item that nobody comes
//   for, or the keeper's place.
thread_pool::worker* thread_pool::take_deputy() noexcept {
  if (first_.read() != nullptr && coming_.read() == 0) return take_sleeper();
  const bool needed = heap_.first() != nullptr && keeper_.read() == nullptr;
  return needed ? take_idle() : nullptr;
}

void thread_pool::arm(timer_item& item) noexcept {
  lock_.lock();
  heap_.insert(item);
  worker* sleeper = nullptr;
  if (heap_.first() == &item) {  // the keeper's deadline has become too late
    sleeper = take_keeper();
    if (sleeper == nullptr) sleeper = take_idle();
  }
  lock_.unlock();
  worker::wake(sleeper);
}

bool thread_pool::try_disarm(timer_item& item) noexcept {
  const detail::bit_lock_guard held(lock_);
  return heap_.remove(item);
}

PAWL_END

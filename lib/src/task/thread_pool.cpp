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
  worker* const sleeper = take_sleeper();
  lock_.unlock();
  worker::wake(sleeper);
}

void thread_pool::work() noexcept {
  const detail::driving_scope here(*this);
  worker me(parker::current());
  turns turn;
  for (;;) {
    turn.next();
    if (run_next()) continue;
    lock_.lock();
    if (first_.read() != nullptr) {
      lock_.unlock();
    } else if (finished_.read()) {
      lock_.unlock();
      return;
    } else {
      wait(me);
    }
  }
}

// Effects: runs what comes first of a due timer and an item, if there is one.
bool thread_pool::run_next() noexcept {
  lock_.lock();
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
  return item;
}

thread_pool::worker* thread_pool::take_idle() noexcept {
  worker* const idle = idle_.read();
  if (idle != nullptr) idle_.write(idle->next.read());
  return idle;
}

thread_pool::worker* thread_pool::take_keeper() noexcept {
  worker* const keeper = keeper_.read();
  keeper_.write(nullptr);
  return keeper;
}

// Returns: a worker for new work, the keeper only if there is no other.
thread_pool::worker* thread_pool::take_sleeper() noexcept {
  worker* const idle = take_idle();
  return idle != nullptr ? idle : take_keeper();
}

// Returns: a worker that shall become the keeper, if one is needed: the caller is about to be busy.
thread_pool::worker* thread_pool::take_deputy() noexcept {
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

#include <pawl/task/run_loop.hpp>
#include <pawl/task/trampoline.hpp>
#include <pawl/task/turn.hpp>

PAWL_BEGIN

run_loop::run_loop() noexcept : idle_mark_(nullptr), finish_item_(nullptr) {}

void run_loop::schedule(work_item& item) noexcept {
  const auto below = [this](work_item* before) { return before == &idle_mark_ ? nullptr : before; };
  const auto pushed = [&item](work_item*) { return &item; };
  // [run_loop.2] acq_rel: publishes the item; acquires the parker of an idle driver; pairs with
  // [run_loop.3], [run_loop.5].
  work_item* const before = push(inbox_, item.next, below, pushed, memory_order_acq_rel);
  // Otherwise the item may have run, and the loop be gone.
  if (before == &idle_mark_) driver_.read()->unpark();
}

void run_loop::run() noexcept {
  const detail::driving_scope here(*this);
  detail::drive_privately(*this);
}

bool run_loop::run_one() noexcept {
  const detail::driving_scope here(*this);
  work_item* const item = next();
  if (item == nullptr) return false;
  turns turn;
  turn.next();
  (*item)();
  return true;
}

void detail::drive_privately(run_loop& loop) noexcept {
  turns turn;
  while (work_item* const item = loop.next()) {
    turn.next();
    (*item)();
  }
}

void run_loop::finish() noexcept {
  // [run_loop.4] relaxed: only decides which call schedules the item; that publishes the rest.
  if (!finish_called_.exchange(true, memory_order_relaxed)) schedule(finish_item_);
}

// Returns: the next item to run, waiting for one; null once finished.
work_item* run_loop::next() noexcept {
  for (;;) {
    fire_due_timers();
    if (work_item* const item = take_ready()) {
      if (item != &finish_item_) return item;
      finished_.write(true);
    } else if (!finished_.read()) {
      wait();
    } else if (!refill()) {
      return nullptr;
    }
  }
}

work_item* run_loop::take_ready() noexcept {
  work_item* const item = ready_.read();
  if (item != nullptr) ready_.write(item->next.read());
  return item;
}

// Effects: moves what is in the inbox to ready_, turning latest first into oldest first.
// Returns: whether there was anything. Precondition: ready_ is empty, the driver not marked idle.
bool run_loop::refill() noexcept {
  // [run_loop.3] acquire: sees the items, and all below the latest through the release sequence of
  // exchanges; pairs with [run_loop.2].
  work_item* item = inbox_.exchange(nullptr, memory_order_acquire);
  work_item* oldest = nullptr;
  while (item != nullptr) {
    work_item* const older = item->next.read();
    item->next.write(oldest);
    oldest = item;
    item = older;
  }
  ready_.write(oldest);
  return oldest != nullptr;
}

// Effects: fills ready_, or parks until something is scheduled or the first deadline may be due.
void run_loop::wait() noexcept {
  run_put_off();
  driver_.write(&parker::current());
  work_item* expected = nullptr;
  // [run_loop.5] release/relaxed: publishes the parker; pairs with [run_loop.2], [run_loop.8].
  // Against `arm` the mark is ordered by timers_lock_: either our look at the heap comes after the
  // insertion, or the look of `wake` at this word comes after the mark.
  if (inbox_.compare_exchange_strong(expected, &idle_mark_, memory_order_release,
                                     memory_order_relaxed)) {
    park_until_first_deadline();
  } else {
    refill();
  }
}

// Precondition: the inbox holds the idle mark, so that whoever replaces it owes one unpark.
void run_loop::park_until_first_deadline() noexcept {
  parker& me = parker::current();
  timers_lock_.lock();
  timer_item* const first = heap_.first();
  const auto deadline = first != nullptr ? first->deadline : steady_clock::time_point::max();
  timers_lock_.unlock();
  if (first == nullptr) {
    me.park();
    return;
  }
  if (me.park_until(deadline)) return;
  work_item* expected = &idle_mark_;
  // [run_loop.6] relaxed: takes the mark back; if somebody was faster, the unpark carries the
  // order.
  if (!inbox_.compare_exchange_strong(expected, nullptr, memory_order_relaxed)) me.park();
}

void run_loop::wake() noexcept {
  // [run_loop.7] relaxed: a guess, which the exchange verifies.
  work_item* before = inbox_.load(memory_order_relaxed);
  if (before != &idle_mark_) return;
  // [run_loop.8] acquire/relaxed: acquires the parker; pairs with [run_loop.5]. If it fails, the
  // driver is awake or being woken.
  if (inbox_.compare_exchange_strong(before, nullptr, memory_order_acquire, memory_order_relaxed)) {
    driver_.read()->unpark();
  }
}

void run_loop::arm(timer_item& item) noexcept {
  timers_lock_.lock();
  heap_.insert(item);
  // [run_loop.9] relaxed: a hint; who parks looks at the heap itself.
  armed_.fetch_add(1, memory_order_relaxed);
  const bool is_first = heap_.first() == &item;
  timers_lock_.unlock();
  if (is_first) wake();
}

bool run_loop::try_disarm(timer_item& item) noexcept {
  const detail::bit_lock_guard held(timers_lock_);
  const bool disarmed = heap_.remove(item);
  // [run_loop.10] relaxed: a hint, as in [run_loop.9].
  if (disarmed) armed_.fetch_sub(1, memory_order_relaxed);
  return disarmed;
}

void run_loop::fire_due_timers() noexcept {
  // [run_loop.11] relaxed: a hint, as in [run_loop.9].
  if (armed_.load(memory_order_relaxed) == 0) return;
  while (timer_item* const due = take_due()) due->expired(*due);
}

timer_item* run_loop::take_due() noexcept {
  const detail::bit_lock_guard held(timers_lock_);
  timer_item* const due = heap_.take_due(steady_clock::now());
  // [run_loop.12] relaxed: a hint, as in [run_loop.9].
  if (due != nullptr) armed_.fetch_sub(1, memory_order_relaxed);
  return due;
}

PAWL_END

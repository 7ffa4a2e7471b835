#include <pawl/blocking/shared_mutex.hpp>
#include <pawl/sync/maybe.hpp>

#include <stdexcept>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(blocking::shared_mutex) <= 8);
#endif

namespace blocking {

using detail::parked_thread;
using detail::parking_bucket;
using detail::patience;
using detail::unparked;

// A thread that waits until it can have `to` instead of `from`; who upgrades has something already.
class shared_mutex::queued_thread : public parked_thread {
 public:
  queued_thread(shared_mutex& m, rep f, rep t) noexcept
      : parked_thread(&m, &left), from(f), to(t) {}

  // Returns: whether the lock admits it.
  [[nodiscard]] bool fits(word now) const noexcept { return fits(now, from, to); }
  static bool fits(word now, rep from, rep to) noexcept {
    const bool upgrades = from != 0;
    if (fault::upgraded_beside_readers && upgrades) return true;
    return now.exchanged(from, 0).admits(to);
  }

  // Returns: whether it need not wait. Who upgrades goes ahead; otherwise, nobody may wait.
  static bool comes_in(word now, rep from, rep to) noexcept {
    return fits(now, from, to) && (from != 0 || !now.has(word::parked));
  }

  const rep from;
  const rep to;

 private:
  // Who was behind it may be able to go on.
  static void left(parking_bucket& here, void* self) noexcept {
    auto& m = *static_cast<shared_mutex*>(self);
    if (!fault::leaves_alone) m.let_in(here, m.look());
  }
};

bool shared_mutex::try_take_again(rep share) noexcept {
  const auto taken = [share](rep w) {
    return admits_newcomer(word(w), share) ? maybe(w + share) : std::nullopt;
  };
  rep before = 0;
  // [shared.9] acquire/relaxed: as [shared.2]; pairs with [shared.3], [shared.6], [shared.7].
  return update(state_, before, taken, memory_order_acquire, memory_order_relaxed).has_value();
}

bool shared_mutex::try_exchange_again(rep from, rep to) noexcept {
  const auto exchanged = [from, to](rep w) {
    const bool is_quiet = is_held_in_quiet(word(w), from);
    return is_quiet ? maybe(word(w).exchanged(from, to).bits()) : std::nullopt;
  };
  rep before = 0;
  // [shared.7] release/relaxed: as [shared.3]; pairs with [shared.2], [shared.4], [shared.5],
  // [shared.8], [shared.9].
  return update(state_, before, exchanged, memory_order_release, memory_order_relaxed).has_value();
}

bool shared_mutex::try_take_recursively() noexcept {
  rep seen = look().bits();
  while (word(seen).admits(word::reader)) {
    if (word(seen).has(word::parked)) {
      parking_bucket here(this);
      const word now = look();
      if (!now.has(word::parked)) {
        seen = now.bits();
        continue;
      }
      if (!now.admits(word::reader)) return false;
      let_in(here, now.exchanged(0, word::reader));
      return true;
    }
    // [shared.5] acquire/relaxed: as [shared.2]; pairs with [shared.3], [shared.6],
    // [shared.7].
    if (state_.compare_exchange_weak(seen, seen + word::reader, memory_order_acquire,
                                     memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

bool shared_mutex::take_slowly(rep share, const patience& limit) noexcept {
  queued_thread me(*this, 0, share);
  {
    parking_bucket here(this);
    if (take_or_announce(me)) return true;
    fault::newest_first ? here.prepend(me) : here.append(me);
  }
  return me.wait(limit) == unparked::handed_over;
}

// Effects: takes what the thread wants, if it need not wait; else sets PARKED. Precondition: the
// bucket is locked. Returns: whether it was taken.
bool shared_mutex::take_or_announce(const queued_thread& me) noexcept {
  const auto after = [from = me.from, to = me.to](rep w) {
    const bool taken = queued_thread::comes_in(word(w), from, to);
    return maybe(taken ? word(w).exchanged(from, to).bits() : w | word::parked);
  };
  rep before = 0;
  // [shared.4] acquire/relaxed: takes over from all who left before PARKED was set; those who
  // leave later lock the bucket; pairs with [shared.3], [shared.6], [shared.7].
  const memory_order order = fault::order_unless(fault::weak_shared_queue, memory_order_acquire);
  update(state_, before, after, order, memory_order_relaxed);
  return queued_thread::comes_in(word(before), me.from, me.to);
}

void shared_mutex::exchange_slowly(rep from, rep to) {
  parking_bucket here(this);
  // If those who waited have left.
  if (try_exchange_again(from, to)) return;
  const word now = look();
  if (!now.is_held(from)) {
    throw std::logic_error(
        "shared_mutex: unlock of what nobody has; each lock takes one unlock of its kind");
  }
  let_in(here, now.exchanged(from, to));
}

// Effects: lets in all at the head of the queue whom `now` admits; then that is the word.
// Precondition: the bucket is locked, and PARKED is set, so that the word stands still.
void shared_mutex::let_in(parking_bucket& here, word now) noexcept {
  parked_thread* next = here.first(this);
  for (; next != nullptr; next = here.first(this)) {
    const auto& waiting = static_cast<const queued_thread&>(*next);
    if (!waiting.fits(now)) break;
    now = now.exchanged(waiting.from, waiting.to);
    here.remove(*next);
    here.wake(*next, unparked::handed_over);
  }
  if (next == nullptr) now = word(now.bits() & ~word::parked);
  // [shared.6] release: SHARED-HB, for newcomers; pairs with [shared.2], [shared.4], [shared.5],
  // [shared.8], [shared.9].
  state_.store(now.bits(), memory_order_release);
}

bool shared_mutex::try_unlock_upgrade_and_lock() {
  require_upgrader();
  parking_bucket here(this);
  const auto upgraded = [](rep w) {
    const bool reads_alone = word(w).readers() == 0;
    return reads_alone ? maybe(word(w).exchanged(word::upgrader, word::writer).bits())
                       : std::nullopt;
  };
  rep before = 0;
  // [shared.8] acquire/relaxed: as [shared.2], of the readers that have left; pairs with
  // [shared.3], [shared.6], [shared.7].
  const auto taken = update(state_, before, upgraded, memory_order_acquire, memory_order_relaxed);
  return own_upgraded_if(taken.has_value());
}

bool shared_mutex::upgrade(const patience& limit) {
  require_upgrader();
  queued_thread me(*this, word::upgrader, word::writer);
  {
    parking_bucket here(this);
    if (take_or_announce(me)) return own_upgraded_if(true);
    here.prepend(me);
  }
  return own_upgraded_if(me.wait(limit) == unparked::handed_over);
}

void shared_mutex::require_upgrader() const {
  if (!look().is_held(word::upgrader)) {
    throw std::logic_error(
        "shared_mutex: upgrade where nobody has the right to it; lock_upgrade() first");
  }
}

}  // namespace blocking

PAWL_END

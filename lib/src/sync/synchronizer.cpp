#include <pawl/sync/inline_queue.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/stores.hpp>
#include <pawl/sync/synchronizer.hpp>

PAWL_BEGIN

template <class Store>
auto synchronizer<Store>::try_take(count_t least, count_t most) noexcept -> taking {
  const auto share = [least, most](word now) {
    return now.has(word::failed) ? std::nullopt : now.newcomer_share(least, most);
  };
  const auto taken = [share](word now) {
    const auto taken_of = share(now);
    return taken_of ? maybe(now.minus(*taken_of)) : std::nullopt;
  };
  word now;
  // [sem.22] acquire/acquire: as [sem.2], and a failure is judged like [sem.16]; pairs with
  // [note.2], [sem.4], [sem.6], [single.1], [single.4], [auto.4], [gate.3].
  if (store_.state().update(now, taken, memory_order_acquire, memory_order_acquire)) {
    return {verdict::granted, *share(now)};
  }
  if (now.has(word::failed)) return {now.failure()};
  return {verdict::pending, now.waits_by(most)};
}

template <class Store>
void synchronizer<Store>::put_slowly(count_t n) noexcept {
  put_back(n);
  detail::run_put_off_inline();
}

template <class Store>
void synchronizer<Store>::put_back(count_t n) noexcept {
  turn(enter([n](word before) { return before.released(n); }));
}

template <class Store>
auto synchronizer<Store>::try_put(count_t n) noexcept -> taking
  requires takes_back<Store>
{
  const word before = update([n](word w) {
    const bool fits = !w.voids_releases() && n <= w.room_for(n);
    return fits ? maybe<word>(w.plus(n)) : std::nullopt;
  });
  if (before.voids_releases()) return {verdict::poisoned};
  const count_t room = before.room_for(n);
  return n <= room ? taking{verdict::granted, n} : taking{verdict::exceeds_limit, room};
}

// Needs no turn: while there is poison, who waits is being refused, by a holder of LOCK or a baton,
// who sees the new word at the latest when he drops LOCK.
template <class Store>
verdict synchronizer<Store>::try_recover(count_t n) noexcept
  requires takes_back<Store>
{
  const auto recovered = [n](word now) -> maybe<word> {
    const bool others_come_first = now.has(word::queued) && !now.has(word::poisoned);
    if (others_come_first && !fault::repair_overtakes) return std::nullopt;
    if (!now.share(n, n)) return std::nullopt;
    return now.without(word::poisoned).minus(fault::shared_repair ? 0 : n);
  };
  word now;
  // [sem.23] acquire/acquire: as [sem.22]; what the caller repairs, his release hands over; pairs
  // with [sem.4], [sem.6], [single.1], [single.4].
  const auto taken =
      store_.state().update(now, recovered, memory_order_acquire, memory_order_acquire);
  return taken ? verdict::granted : verdict::pending;
}

template <class Store>
void synchronizer<Store>::fail(flag how, count_t n) noexcept {
  turn(enter(
      [how, n](word before) { return maybe(before.released(n).value_or(before).with(how)); }));
  detail::run_put_off_inline();
}

template <class Store>
void synchronizer<Store>::arrive(waiter& w) noexcept {
  const auto [now, kept] = store_.submit(inbox_entry::arrival(w));
  turn(now, kept);
}

template <class Store>
bool synchronizer<Store>::submit_request(waiter& w, verdict reason, waiter* finished) noexcept {
  if (!w.try_request(reason)) return false;
  const auto [now, kept] = store_.submit(inbox_entry::request(w));
  turn(now, kept, kept ? finished : nullptr);
  return kept && finished != nullptr;
}

template <class Store>
void synchronizer<Store>::continue_turn() noexcept {
  if (fault::baton_dropped) return;
  turn(enter([](word before) { return before.has(word::queued) ? maybe(before) : std::nullopt; }));
}

template <class Store>
void synchronizer<Store>::turn(maybe<word> entered, inbox_entry brought,
                               waiter* finished) noexcept {
  if (!entered) return;
  wake_list wakes(finished);
  hold(*entered, brought, wakes);
  // The object may be gone (rule d).
  wakes.deliver();
  if (fault::touch_after_hand_over) (void)look();
}

// Effects: one turn, from taking LOCK to dropping it. What the holder has brought came when he took
//   LOCK (SEM-FIFO): whoever was in the inbox then had not entered yet, and will. Without that, his
//   own entry may be there.
template <class Store>
void synchronizer<Store>::hold(word now, inbox_entry brought, wake_list& wakes) noexcept {
  if (brought) {
    waiter& w = brought.subject();
    brought.is_request() ? take_out(w, now, wakes) : store_.insert(queue_, w, now);
  } else {
    collect(now, wakes);
  }
  for (unsigned decided = 0;;) {
    // Taking in what came may show that more has come: a store that takes something back from the
    // word sees the word of now.
    while (now.has_news() && !fault::dirty_ignored) collect(now, wakes);
    waiter* const next = store_.next(queue_, now);
    bool more = next != nullptr;
    if (fault::poison_misses_waiter && decided != 0 && now.has(word::failed)) more = false;
    if (more && decided < limits::turn_limit) {
      if (decide(*next, now, wakes) && !next->lingers()) ++decided;
      continue;
    }
    if (more) wakes.give_baton();
    const bool is_empty = queue_.front() == nullptr;
    if (is_empty && now.overflows()) {
      poison_overflowing(now);
      continue;
    }
    if (fault::wake_under_lock) wakes.deliver();
    const word left = now.left(is_empty);
    // [sem.13] release/relaxed: hands the queue to the next holder; pairs with [sem.6], [single.1].
    const memory_order order = fault::order_unless(fault::weak_unlock, memory_order_release);
    if (store_.state().replace(now, left, order, memory_order_relaxed)) return;
  }
}

// Effects: nobody is left who could take what exceeds the limit. May only update `now`.
template <class Store>
void synchronizer<Store>::poison_overflowing(word& now) noexcept {
  const word poisoned = now.with(word::poisoned);
  // [sem.14] relaxed: as [sem.12]; the releases that did it head release sequences through here.
  if (store_.state().replace(now, poisoned, memory_order_relaxed, memory_order_relaxed)) {
    now = poisoned;
  }
}

// Effects: moves the inbox, latest first, into the queue, oldest first; then takes out whom the
//   inbox asks to withdraw, who is in the queue by now unless decided (SEM-CANCEL).
template <class Store>
void synchronizer<Store>::collect(word& now, wake_list& wakes) noexcept {
  waiter* arrivals = nullptr;
  waiter* requests = nullptr;
  for (inbox_entry entry = store_.collect(now); entry;) {
    const inbox_entry below = entry.below().take();
    waiter& w = entry.subject();
    if (entry.is_request()) {
      w.below_request_.write(requests != nullptr ? inbox_entry::request(*requests) : inbox_entry());
      requests = &w;
    } else if (fault::lifo_arrivals) {
      store_.insert(queue_, w, now);
    } else {
      w.next_.write(arrivals);
      arrivals = &w;
    }
    entry = below;
  }
  while (arrivals != nullptr) {
    waiter& w = *arrivals;
    arrivals = w.next_.take();
    store_.insert(queue_, w, now);
  }
  while (requests != nullptr) {
    waiter& w = *requests;
    const inbox_entry next = w.below_request_.take();
    requests = next ? &next.subject() : nullptr;
    take_out(w, now, wakes);
  }
}

// Effects: a request to withdraw w was made, who is queued or decided.
template <class Store>
void synchronizer<Store>::take_out(waiter& w, word& now, wake_list& wakes) noexcept {
  const bool is_pending = w.verdict_.read() == verdict::pending;
  if (const auto due = is_pending ? store_.due(w, now) : std::nullopt) grant(w, *due, wakes);
  const bool was_queued = w.verdict_.read() == verdict::pending && store_.let_go(w, now);
  if (was_queued && !fault::cancelled_stays_linked) queue_.remove(w);
  wakes.add_request(w, was_queued);
}

// Effects: decides a waiter who is decidable as of `now`.
// Returns: false, having only updated `now`, if the word has changed.
template <class Store>
bool synchronizer<Store>::decide(waiter& w, word& now, wake_list& wakes) noexcept {
  if (store_.refuses(w, now)) {
    queue_.remove(w);
    wakes.add_decided(w, now.failure());
    return true;
  }
  const count_t share = *now.share(w.least(), w.weight());
  const word rest = fault::double_grant ? now : now.granted(share);
  // [sem.12] relaxed: all that `now` stands for was acquired by the step that took LOCK or cleared
  // DIRTY. Whoever has added to the word since has set DIRTY, and this fails: so the waiter, to
  // whom the delivery passes it on, has SEM-HB, and no grant comes after POISONED (SEM-POISON).
  if (!store_.state().replace(now, rest, memory_order_relaxed, memory_order_relaxed)) {
    return false;
  }
  now = rest;
  grant(w, share, wakes);
  return true;
}

template <class Store>
void synchronizer<Store>::grant(waiter& w, count_t share, wake_list& wakes) noexcept {
  store_.granted(queue_, w);
  w.weight_.write(share);
  wakes.add_decided(w, verdict::granted);
}

#define PAWL_INSTANTIATE(Store) template class synchronizer<Store>;
PAWL_FOR_EACH_STORE(PAWL_INSTANTIATE)
#undef PAWL_INSTANTIATE

PAWL_END

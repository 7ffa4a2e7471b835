#include <pawl/check/sync/condition_variable.hpp>

#include <pawl/check/claims.hpp>

#include <bit>

namespace pawl::check::sync {
namespace {

word my_bits() {
  const word me = waiter(rt::current_thread());
  return me | notified(me);
}

// Who may be notified.
word candidates_in(word v) { return waiters_in(v) & ~notified_in(v); }

bool any(const word*, word) { return true; }
bool has_no_choice(const word*, word v) { return (candidates_in(v) & (candidates_in(v) - 1)) == 0; }
bool is_same(const word* seen, word v) { return v == *seen; }
bool is_notified(const word* mine, word v) { return (v & *mine) == *mine; }
bool all_have_left(const word*, word v) { return notified_in(v) == 0; }

word notify_candidates(const word*, word v) { return v | notified(candidates_in(v)); }
word notify_chosen(const word* chosen, word v) { return v | notified(*chosen); }
word leave(const word* mine, word v) { return v & ~*mine; }

// The n-th of a set, from 0.
word member(word set, std::uint32_t n) {
  for (; n > 0; --n) set &= set - 1;
  return set & ~(set - 1);
}

}  // namespace

// Relaxed, as are notifications: they are in one order with each other, since each reads the one
// before, and the mutex says what else happens before what.
void begin_wait(rt::atomic_object& o, site at, std::memory_order order) {
  rt::fetch(o, rt::rmw::bit_or, waiter(rt::current_thread()), order, at);
}

// Release: for end_condition, which may come at once.
void await_notification(rt::atomic_object& o, site at) {
  rt::await_update(o, {is_notified, {my_bits()}}, {leave, {my_bits()}}, std::memory_order_release,
                   at);
}

bool await_notification_until(rt::atomic_object& o, nanoseconds deadline, site at) {
  word seen = 0;
  if (rt::await_update_until(o, {is_notified, {my_bits()}}, {leave, {my_bits()}},
                             std::memory_order_release, seen, at))
    return true;
  end_wait(o, at);
  rt::advance(deadline);
  return false;
}

bool end_wait(rt::atomic_object& o, site at) {
  const word v = rt::fetch(o, rt::rmw::bit_and, ~my_bits(), std::memory_order_release, at);
  return (v & my_bits()) == my_bits();
}

// One event if there is at most one candidate. Otherwise the choice depends on who they are, which
// has to be read first; an execution in which they change before the notification is discarded,
// since in another one it is the change that was read.
int notify_one(rt::atomic_object& o, site at, std::memory_order order) {
  const rt::attempt first = rt::try_update(o, {has_no_choice}, {notify_candidates}, order, at);
  const word candidates = candidates_in(first.read);
  if (first.wrote) return candidates == 0 ? 0 : 1;
  const auto n = static_cast<std::uint32_t>(std::popcount(candidates));
  const word chosen = member(candidates, choose(n, at));
  rt::assume_update(o, {is_same, {first.read}}, {notify_chosen, {chosen}}, order, at);
  return 1;
}

int notify_all(rt::atomic_object& o, site at, std::memory_order order) {
  const rt::attempt all = rt::try_update(o, {any}, {notify_candidates}, order, at);
  return std::popcount(candidates_in(all.read));
}

// Acquire: with what those who left have released, all that they did happens before the end.
void end_condition(rt::atomic_object& o, site at) noexcept {
  const word v = rt::await(o, {all_have_left}, std::memory_order_acquire, at);
  if (v != 0) rt::misuse(o, "destroys", v, at);
  rt::atomic_end(o, at);
}

}  // namespace pawl::check::sync

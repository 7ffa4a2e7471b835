#include <pawl/check/sync/mutex.hpp>

namespace pawl::check::sync {
namespace {

word me() { return holder(rt::current_thread()); }

// What `mine` is captured in: the caller as a holder.
bool is_free(const word*, word v) { return v == 0; }
bool is_free_or_mine(const word* mine, word v) { return v == 0 || holder_in(v) == *mine; }
bool is_mine(const word* mine, word v) { return holder_in(v) == *mine; }

word make_mine(const word* mine, word) { return *mine; }
word lock_more(const word* mine, word v) { return v == 0 ? *mine : v + once_more; }
word lock_less(const word*, word v) { return times_more(v) == 0 ? 0 : v - once_more; }

rt::predicate lockable(bool recursive) {
  return recursive ? rt::predicate{is_free_or_mine, {me()}} : rt::predicate{is_free};
}
rt::update locked(bool recursive) { return {recursive ? lock_more : make_mine, {me()}}; }

}  // namespace

// Acquire: what the former holder did before it unlocked happens before what follows.
void lock(rt::atomic_object& o, bool recursive, site at) {
  rt::await_update(o, lockable(recursive), locked(recursive), std::memory_order_acquire, at);
}

// Acquire if it locks; a failed one is relaxed, since the standard promises no more.
bool try_lock(rt::atomic_object& o, bool recursive, site at) {
  return rt::try_update(o, lockable(recursive), locked(recursive), std::memory_order_acquire, at)
      .wrote;
}

bool lock_until(rt::atomic_object& o, bool recursive, nanoseconds deadline, site at) {
  word seen = 0;
  if (rt::await_update_until(o, lockable(recursive), locked(recursive), std::memory_order_acquire,
                             seen, at))
    return true;
  rt::advance(deadline);
  return false;
}

// Release: for the acquire of the next lock. A read-modify-write, so that it sees whose it is.
void unlock(rt::atomic_object& o, bool recursive, site at, const char* does) {
  if (!recursive) {
    const word old = rt::fetch(o, rt::rmw::exchange, 0, std::memory_order_release, at);
    if (old != me()) rt::misuse(o, does, old, at);
    return;
  }
  const rt::attempt done =
      rt::try_update(o, {is_mine, {me()}}, {lock_less}, std::memory_order_release, at);
  if (!done.wrote) rt::misuse(o, does, done.read, at);
}

// Relaxed: a thread that may destroy it knows of all that was done to it, and so of its last state;
// otherwise atomic_end tells.
void end_mutex(rt::atomic_object& o, site at) noexcept {
  const word v = rt::load(o, std::memory_order_relaxed, at);
  if (v != 0) rt::misuse(o, "destroys", v, at);
  rt::atomic_end(o, at);
}

}  // namespace pawl::check::sync

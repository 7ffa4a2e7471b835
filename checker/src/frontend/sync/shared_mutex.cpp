#include <pawl/check/sync/mutex.hpp>
#include <pawl/check/sync/shared_mutex.hpp>

namespace pawl::check::sync {
namespace {

word my_bit() { return reader(rt::current_thread()); }

bool has_no_writer(const word*, word v) { return holder_in(v) == 0; }
word add_reader(const word* mine, word v) { return v | *mine; }

rt::update with_me() { return {add_reader, {my_bit()}}; }

// A thread that reads already would not be seen to leave.
void must_be_new(const rt::atomic_object& o, word before, site at) {
  if ((before & my_bit()) != 0) rt::misuse(o, "reads again", before, at);
}

}  // namespace

// A writer needs what a mutex needs: nobody else. Its orders are those of the mutex, too.
void lock_alone(rt::atomic_object& o, site at) { lock(o, false, at); }
bool try_lock_alone(rt::atomic_object& o, site at) { return try_lock(o, false, at); }
bool lock_alone_until(rt::atomic_object& o, nanoseconds deadline, site at) {
  return lock_until(o, false, deadline, at);
}
void unlock_alone(rt::atomic_object& o, site at) { unlock(o, false, at); }

// Acquire: what the last writer did happens before what follows. Not release: what a reader did
// before need not be known to readers that come later.
void lock_shared(rt::atomic_object& o, site at) {
  must_be_new(o, rt::await_update(o, {has_no_writer}, with_me(), std::memory_order_acquire, at),
              at);
}

bool try_lock_shared(rt::atomic_object& o, site at) {
  const rt::attempt done =
      rt::try_update(o, {has_no_writer}, with_me(), std::memory_order_acquire, at);
  if (done.wrote) must_be_new(o, done.read, at);
  return done.wrote;
}

bool lock_shared_until(rt::atomic_object& o, nanoseconds deadline, site at) {
  word before = 0;
  if (rt::await_update_until(o, {has_no_writer}, with_me(), std::memory_order_acquire, before,
                             at)) {
    must_be_new(o, before, at);
    return true;
  }
  rt::advance(deadline);
  return false;
}

// Release: the next writer acquires it, together with what earlier readers released, since a
// read-modify-write continues their release sequences.
void unlock_shared(rt::atomic_object& o, site at) {
  const word old = rt::fetch(o, rt::rmw::bit_and, ~my_bit(), std::memory_order_release, at);
  if ((old & my_bit()) == 0) rt::misuse(o, "unlocks as a reader", old, at);
}

void end_shared_mutex(rt::atomic_object& o, site at) noexcept { end_mutex(o, at); }

}  // namespace pawl::check::sync

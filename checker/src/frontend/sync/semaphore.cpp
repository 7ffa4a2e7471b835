#include <pawl/check/sync/semaphore.hpp>

namespace pawl::check::sync {
namespace {

constexpr rt::predicate some_left{[](const word*, word v) { return v > 0; }};
constexpr rt::update one_less{[](const word*, word v) { return v - 1; }};

}  // namespace

// Acquire: what came before the release of what is taken happens before what follows.
void acquire(rt::atomic_object& o, site at) {
  rt::await_update(o, some_left, one_less, std::memory_order_acquire, at);
}

bool try_acquire(rt::atomic_object& o, site at) {
  return rt::try_update(o, some_left, one_less, std::memory_order_acquire, at).wrote;
}

bool acquire_until(rt::atomic_object& o, nanoseconds deadline, site at) {
  word seen = 0;
  if (rt::await_update_until(o, some_left, one_less, std::memory_order_acquire, seen, at))
    return true;
  rt::advance(deadline);
  return false;
}

// Release: for whoever acquires it, or what was released before it.
void release(rt::atomic_object& o, std::ptrdiff_t n, std::ptrdiff_t most, site at) {
  if (n < 0) rt::misuse("release() of a negative number", at);
  const word old = rt::fetch(o, rt::rmw::add, static_cast<word>(n), std::memory_order_release, at);
  if (static_cast<std::ptrdiff_t>(old) > most - n) rt::misuse(o, "exceeds the maximum of", old, at);
}

}  // namespace pawl::check::sync

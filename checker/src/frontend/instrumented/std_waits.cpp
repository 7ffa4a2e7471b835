// What the headers of pawl/instrumented call, which take the place of the C++ library's.
#include <pawl/instrumented/bits/pawl_waits.h>

#include <cstring>

#include <pawl/check/sync/barrier.hpp>
#include <pawl/check/sync/deadline.hpp>
#include <pawl/check/sync/semaphore.hpp>

#include "awaited_load.hpp"
#include "barriers.hpp"
#include "caller.hpp"
#include "clocks.hpp"
#include "large_values.hpp"

#define PAWL_EXPORT [[gnu::visibility("default")]]

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

using std::chrono::nanoseconds;

// They wait, or wake others, which means nothing before main().
const caller& in_main(const caller& c) {
  if (!c.is_model()) rt::misuse("a wait outside of main()", the_sites.at(c.code()));
  return c;
}

// ---- atomic objects -----------------------------------------------------------------------------

rt::atomic_object& word_at(const caller& c, const volatile unsigned* p) {
  return the_shadow.object(c.run(), const_cast<const unsigned*>(p), sizeof *p, false, c.code());
}

rt::predicate equal_to(unsigned value) {
  return {[](const rt::word* wanted, rt::word v) { return v == *wanted; }, {value}};
}
rt::predicate other_than(unsigned value) {
  return {[](const rt::word* unwanted, rt::word v) { return v != *unwanted; }, {value}};
}

// ---- semaphores, latches, barriers --------------------------------------------------------------

// Its initial value is what the program's constructor has left there.
rt::atomic_object& semaphore_at(const caller& c, const long* p) {
  return c.object(p, rt::show_as::semaphore, static_cast<rt::word>(*p));
}
rt::atomic_object& latch_at(const caller& c, const int* p) {
  return c.object(p, rt::show_as::latch, static_cast<rt::word>(*p));
}
rt::atomic_object& barrier_at(const caller& c, const long* p) {
  return c.object(p, rt::show_as::barrier, static_cast<rt::word>(*p));
}

}  // namespace

PAWL_EXPORT void __pawl_await_change(const volatile void* at, const void* old,
                                     unsigned long size) noexcept {
  in_main(caller(__builtin_return_address(0)));
  next_load = {at, 0};
  if (is_large(at, size))
    next_load.old = the_large_values.number_of(old, size);
  else
    std::memcpy(&next_load.old, old, size);
}

PAWL_EXPORT void __pawl_await_equal(const volatile unsigned* at, unsigned value,
                                    int order) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  rt::await(word_at(c, at), equal_to(value), static_cast<std::memory_order>(order), c.where());
}

PAWL_EXPORT unsigned __pawl_await_other(const volatile unsigned* at, unsigned value,
                                        int order) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  return static_cast<unsigned>(rt::await(word_at(c, at), other_than(value),
                                         static_cast<std::memory_order>(order), c.where()));
}

PAWL_EXPORT bool __pawl_await_equal_for(const volatile unsigned* at, unsigned value, int order,
                                        long d) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  const rt::word seen = rt::load(word_at(c, at), static_cast<std::memory_order>(order), c.where());
  return or_deadline(seen == value, sync::deadline_after(nanoseconds(d)));
}

PAWL_EXPORT void __pawl_semaphore_acquire(const long* at) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  sync::acquire(semaphore_at(c, at), c.where());
}
PAWL_EXPORT bool __pawl_semaphore_try_acquire(const long* at) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  return sync::try_acquire(semaphore_at(c, at), c.where());
}
PAWL_EXPORT bool __pawl_semaphore_acquire_for(const long* at, long d) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  return or_deadline(sync::try_acquire(semaphore_at(c, at), c.where()),
                     sync::deadline_after(nanoseconds(d)));
}
PAWL_EXPORT void __pawl_semaphore_release(const long* at, long n, long most) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  sync::release(semaphore_at(c, at), n, most, c.where());
}
PAWL_EXPORT void __pawl_semaphore_end(const long* at) noexcept {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) rt::atomic_end(semaphore_at(c, at), c.where());
}

PAWL_EXPORT void __pawl_latch_count_down(const int* at, long n) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  if (n < 0) c.misuse("counts a latch down by less than 0");
  if (n > 0) rt::arrive(latch_at(c, at), static_cast<rt::word>(n), false, c.where());
}
PAWL_EXPORT void __pawl_latch_wait(const int* at) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  rt::await_arrivals(latch_at(c, at), 0, c.where());
}
PAWL_EXPORT bool __pawl_latch_try_wait(const int* at) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  return rt::await_arrivals_until(latch_at(c, at), 0, c.where());
}
PAWL_EXPORT void __pawl_latch_end(const int* at) noexcept {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) rt::atomic_end(latch_at(c, at), c.where());
}

PAWL_EXPORT unsigned long __pawl_barrier_arrive(const long* at, long n, bool drops,
                                                bool* completes) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  const auto [phase, last] =
      sync::arrive(barrier_at(c, at), n, drops, completes != nullptr, c.where());
  if (completes != nullptr) *completes = last;
  return phase;
}
PAWL_EXPORT void __pawl_barrier_complete(const long* at) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  sync::open_next(barrier_at(c, at), c.where());
}
PAWL_EXPORT void __pawl_barrier_wait(const long* at, unsigned long phase,
                                     bool with_completion) noexcept {
  const caller c = in_main(caller(__builtin_return_address(0)));
  sync::await_end_of(phase, barrier_at(c, at), with_completion, c.where());
}
PAWL_EXPORT void __pawl_barrier_end(const long* at) noexcept {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) rt::atomic_end(barrier_at(c, at), c.where());
}

#include "futexes.hpp"

#include <errno.h>
#include <linux/futex.h>
#include <time.h>

#include <pawl/check/sync/condition_variable.hpp>

#include <optional>

#include "clocks.hpp"

namespace pawl::check::instrumented {
namespace {

using std::chrono::nanoseconds;

int fails_with(int error) {
  errno = error;
  return -1;
}

// Of a wait with this timeout, which for one form is how long it lasts, for the other when it ends.
std::optional<nanoseconds> deadline_in(const caller& c, int op, const timespec* timeout) {
  const clockid_t clock = (op & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  if ((op & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET) return deadline_of(c, clock, timeout);
  const auto length = duration_of(c, timeout);
  if (!length) return std::nullopt;
  return sync::deadline_after(*length);
}

// The kernel looks at the word and begins to wait in one step. Here the thread first begins to
// wait: whoever wakes it later finds it, and of whoever woke others before, it sees what they
// wrote. If it need not wait, it passes on a wake-up that it has got meanwhile.
int wait(const caller& c, const std::uint32_t* word, std::uint32_t expected,
         std::optional<nanoseconds> deadline) {
  rt::atomic_object& waiting = the_shadow.beside(c.run(), word, rt::show_as::condition, c.code());
  sync::begin_wait(waiting, c.where(), std::memory_order_acquire);
  rt::atomic_object& o = the_shadow.object(c.run(), word, sizeof *word, false, c.code());
  if (rt::load(o, std::memory_order_relaxed, c.where()) != expected) {
    if (sync::end_wait(waiting, c.where()))
      sync::notify_one(waiting, c.where(), std::memory_order_release);
    return fails_with(EAGAIN);
  }
  if (!deadline) return sync::await_notification(waiting, c.where()), 0;
  if (sync::await_notification_until(waiting, *deadline, c.where())) return 0;
  return fails_with(ETIMEDOUT);
}

int wake(const caller& c, const std::uint32_t* word, int most) {
  rt::atomic_object& waiting = the_shadow.beside(c.run(), word, rt::show_as::condition, c.code());
  if (most >= static_cast<int>(rt::max_threads))
    return sync::notify_all(waiting, c.where(), std::memory_order_release);
  int woken = 0;
  while (woken < most && sync::notify_one(waiting, c.where(), std::memory_order_release) > 0)
    ++woken;
  return woken;
}

}  // namespace

long call_futex(const caller& c, const long* arguments) {
  c.run().end_history();
  const auto* const word = reinterpret_cast<const std::uint32_t*>(arguments[0]);
  const int op = static_cast<int>(arguments[1]);
  const auto value = static_cast<std::uint32_t>(arguments[2]);
  const auto* const timeout = reinterpret_cast<const timespec*>(arguments[3]);
  const int command = op & FUTEX_CMD_MASK;
  const bool for_some_bits = static_cast<std::uint32_t>(arguments[5]) != FUTEX_BITSET_MATCH_ANY &&
                             (command == FUTEX_WAIT_BITSET || command == FUTEX_WAKE_BITSET);
  if (!the_shadow.covers(word)) return fails_with(EFAULT);
  if (reinterpret_cast<std::uintptr_t>(word) % sizeof *word != 0) return fails_with(EINVAL);
  if (command == FUTEX_WAKE || (command == FUTEX_WAKE_BITSET && !for_some_bits))
    return wake(c, word, static_cast<int>(value));
  if ((command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET) || for_some_bits)
    c.fail(failure_kind::limit, "makes futex call {}{}, which is not modelled", command,
           for_some_bits ? " for some bits" : "");
  if (timeout == nullptr) return wait(c, word, value, std::nullopt);
  const auto deadline = deadline_in(c, op, timeout);
  return deadline ? wait(c, word, value, deadline) : fails_with(EINVAL);
}

}  // namespace pawl::check::instrumented

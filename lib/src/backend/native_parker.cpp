#include <pawl/backend/native/limits.hpp>
#include <pawl/backend/native/parker.hpp>
#include <pawl/backend/native/spin.hpp>
#include <pawl/backend/native/thread.hpp>

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ctime>

PAWL_BEGIN

static_assert(sizeof(atomic<std::uint32_t>) == 4 && atomic<std::uint32_t>::is_always_lock_free,
              "a futex is a 32-bit word");

namespace {

// The kernel takes absolute deadlines as a timespec of CLOCK_MONOTONIC, which is steady_clock.
timespec to_timespec(steady_clock::time_point when) noexcept {
  using namespace std::chrono;
  const auto since_start = when.time_since_epoch();
  if (since_start <= steady_clock::duration::zero()) return {};
  const auto whole = duration_cast<seconds>(since_start);
  const auto rest = duration_cast<nanoseconds>(since_start - whole);
  return {static_cast<time_t>(whole.count()), static_cast<long>(rest.count())};
}

// Blocks while the word has the value `expected`, at most until the deadline. May return early.
// Returns: false if the deadline passed.
bool futex_wait(atomic<std::uint32_t>& word, std::uint32_t expected,
                const timespec* deadline) noexcept {
  // The bitset form is the one with an absolute deadline.
  const long r = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected,
                         deadline, nullptr, FUTEX_BITSET_MATCH_ANY);
  return r == 0 || errno != ETIMEDOUT;
}

void futex_wake(atomic<std::uint32_t>* word) noexcept {
  syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr, nullptr, 0);
}

}  // namespace

parker& parker::current() noexcept {
  static constinit thread_local parker mine;
  return mine;
}

void parker::park() noexcept { wait(nullptr); }

bool parker::park_until(steady_clock::time_point deadline) noexcept { return wait(&deadline); }

// Returns: the token of an unpark by the calling thread.
std::uint32_t parker::token_from_here() noexcept {
  // What does not spin need not know. Where the kernel can't tell (-1), all count as one processor.
  if constexpr (limits::most_pauses == 0) return notified;
  return notified + 1 + static_cast<std::uint32_t>(sched_getcpu());
}

// Spins for about as long as it takes to block and be woken, so that the wait takes at most twice
// as long as the better of the two would have (Karlin, Manasse, McGeoch, Owicki: "Competitive
// Randomized Algorithms for Nonuniform Problems", SODA 1990): 7 looks with pauses, then 25 that
// lend the processor to others, perhaps to whoever has to unpark this thread. If the last one who
// did was on the same processor, it can't while this thread pauses, and all looks lend: two threads
// in turn on one processor take 2.9 µs a round trip, of 9.2 with the pauses. Fewer pauses for all
// would be worse on two processors, where tasks were found to take up to 10 times as long.
parker::spun parker::look_out() const noexcept {
  constexpr unsigned most_looks = 32;
  // No more than a thread may run before it has to make room for others.
  constexpr std::chrono::microseconds time_slice(500);
  if (has_token()) return spun::to_the_token;
  detail::spin_backoff backoff;
  auto last = steady_clock::now();
  for (unsigned looks = 0; looks < most_looks; ++looks) {
    if (is_woken_from_here_) {
      this_thread::yield();
    } else {
      backoff.wait();
    }
    const auto now = steady_clock::now();
    if (now - last > time_slice) return spun::beside_strangers;
    if (has_token()) return spun::to_the_token;
    last = now;
  }
  return spun::in_vain;
}

// A spin in vain is likely to be followed by others, since the other thread may be far from what
// this one waits for: the next waits block at once, one after the first spin in vain, and twice as
// many and one after each further one.
// A look that took a time slice has lent the processor to a stranger, or to whom it waits for, who
// works for longer than a spin can save. Who blocks has it back as soon as he is woken, so hundreds
// of waits block then, or thousands: a slice now and then is little beside them. Two threads in
// turn, while two others keep two processors busy, take 20 to 50 µs a round trip, of 1,600 if all
// waits lend.
void parker::spin() noexcept {
  if constexpr (limits::most_pauses == 0) return;
  if (without_spin_ != 0) {
    --without_spin_;
    return;
  }
  constexpr std::uint8_t most_in_vain = 4, most_crowded = 6;
  switch (look_out()) {
    case spun::to_the_token:
      in_vain_ = 0;
      if (crowded_ != 0) --crowded_;
      return;
    case spun::in_vain:
      if (in_vain_ != most_in_vain) ++in_vain_;
      without_spin_ = static_cast<std::uint16_t>((1U << in_vain_) - 1);
      return;
    case spun::beside_strangers:
      if (crowded_ != most_crowded) ++crowded_;
      without_spin_ = static_cast<std::uint16_t>((64U << crowded_) - 1);
      return;
  }
}

bool parker::has_token() const noexcept {
  // [park.6] relaxed: only says that it is worth a try; [park.1] acquires the token.
  return state_.load(memory_order_relaxed) != empty;
}

bool parker::wait(const steady_clock::time_point* deadline) noexcept {
  spin();
  std::uint32_t seen = empty;
  // [park.1] acquire: reads the token of an unpark that came first (the success needs no order);
  // pairs with [park.4].
  if (!state_.compare_exchange_strong(seen, parked, memory_order_acquire)) {
    consume(seen);
    return true;
  }
  timespec limit{};
  if (deadline != nullptr) limit = to_timespec(*deadline);
  while (futex_wait(state_, parked, deadline != nullptr ? &limit : nullptr)) {
    // [park.3] acquire: reads the token; pairs with [park.4].
    seen = state_.load(memory_order_acquire);
    if (seen != parked) {
      consume(seen);
      return true;
    }
  }
  // [park.5] acquire: the deadline passed, but an unpark may have come in between; pairs with
  // [park.4].
  return state_.exchange(empty, memory_order_acquire) != parked;
}

void parker::consume(std::uint32_t token) noexcept {
  // [park.2] relaxed: the token has been acquired, and the next unpark is not under way yet.
  state_.store(empty, memory_order_relaxed);
  is_woken_from_here_ = token == token_from_here();
}

void parker::unpark() noexcept {
  // The exchange is the last access: by the time of the wake-up the thread may have ended, then the
  // address wakes nobody, or somebody else for nothing, which every futex wait puts up with.
  auto* const word = &state_;
  const std::uint32_t token = token_from_here();
  // [park.4] release: hands over what the waker did; pairs with [park.1], [park.3], [park.5].
  if (state_.exchange(token, memory_order_release) == parked) futex_wake(word);
}

PAWL_END

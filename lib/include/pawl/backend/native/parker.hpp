#pragma once
// Native backend: blocking and waking one thread, on a futex.

#include <pawl/backend/namespace.hpp>
#include <pawl/backend/native/atomic.hpp>
#include <pawl/backend/native/clock.hpp>

#include <cstdint>

PAWL_BEGIN

// Blocks its thread until another thread unparks it. Each thread has exactly one.
//
// Contract (PARK-PAIR): a thread that gives away a pointer to its parker waits, with park, for the
// one unpark that this provokes, before it uses the parker for anything else and before it ends.
// If park_until times out, the thread either takes the pointer back, or parks for the unpark that
// is under way. So tokens of different waits never mix, and unpark's last access to the parker
// comes before the thread can end.
class parker {
 public:
  constexpr parker() noexcept = default;
  parker(const parker&) = delete;
  parker& operator=(const parker&) = delete;

  // Returns: the parker of the calling thread. It lives as long as the thread.
  static parker& current() noexcept;

  // Effects: blocks the calling thread, the parker's own, until one unpark, and consumes it.
  // Memory ordering: what happens before unpark happens before the return of the park it ends.
  void park() noexcept;

  // Effects: as park, but gives up at the deadline.
  // Returns: true if an unpark was consumed, false if the deadline passed.
  [[nodiscard]] bool park_until(steady_clock::time_point deadline) noexcept;

  // Effects: ends the present or next park. Called by any thread; never blocks. Precondition: no
  //   other unpark is pending (PARK-PAIR).
  void unpark() noexcept;

 private:
  // Greater values are tokens: they say on which processor the thread was that called unpark.
  enum : std::uint32_t { empty = 0, parked = 1, notified = 2 };

  static std::uint32_t token_from_here() noexcept;

  enum class spun : std::uint8_t { to_the_token, in_vain, beside_strangers };

  void spin() noexcept;
  [[nodiscard]] spun look_out() const noexcept;
  [[nodiscard]] bool has_token() const noexcept;
  bool wait(const steady_clock::time_point* deadline) noexcept;
  void consume(std::uint32_t token) noexcept;

  atomic<std::uint32_t> state_{empty};

  // The thread's own.
  bool is_woken_from_here_ = false;  // who ended the last wait was on the processor it returned on
  std::uint8_t in_vain_ = 0;         // spins in a row
  std::uint8_t crowded_ = 0;         // spins that lost a time slice, less those that saw the token
  std::uint16_t without_spin_ = 0;   // waits from now on
};

PAWL_END

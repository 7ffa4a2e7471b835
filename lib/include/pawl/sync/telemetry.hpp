#pragma once
// What primitives are doing: one list of all that take part.

#include <pawl/backend/backend.hpp>
#include <pawl/task/bit_lock.hpp>
#include <pawl/task/ring.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

PAWL_BEGIN

// A primitive at some time. What it does not have is missing, or 0.
struct telemetry_snapshot {
  std::uint64_t id = 0;  // of the probe; none is used twice
  std::string_view name;
  std::string_view kind;                    // "semaphore"
  std::string_view state;                   // "open", "locked", "set", "poisoned", "closed", …
  std::optional<std::uint64_t> capacity;    // permits, places of readers, parties
  std::optional<std::uint64_t> occupied;    // of them: taken, locked, arrived
  std::optional<std::uint64_t> available;   // of them: free
  std::optional<std::uint64_t> generation;  // of a barrier
  bool closed = false;                      // for ever: closed or poisoned
  bool has_waiters = false;  // as the primitive says, whether they are watched or not

  // Of the calls that are watched:
  std::uint64_t waiters = 0;                      // in progress
  std::uint64_t grants = 0;                       // that succeeded
  std::uint64_t cancellations = 0;                // that were cancelled, timed out or destroyed
  std::optional<steady_clock::time_point> since;  // the latest grant
};

namespace detail {

class probe_base;
struct probes;

}  // namespace detail

// The primitives that have a probe. Must outlive them. Shared by threads; a small lock of its own
// protects the list, which no call that is watched takes.
class telemetry {
 public:
  telemetry() noexcept = default;
  telemetry(const telemetry&) = delete;
  telemetry& operator=(const telemetry&) = delete;

  // Returns: all of them, the latest first. Each is one that was true during the call; of calls
  //   that begin or end meanwhile, some numbers may be in it and some not (TELEMETRY-EXACT).
  // Complexity: linear; nobody waits for it but who makes or destroys a probe.
  [[nodiscard]] std::vector<telemetry_snapshot> snapshot() const;

 private:
  friend detail::probe_base;

  mutable detail::bit_lock lock_;
  detail::ring_link<detail::probes> probes_;
  cell<std::uint64_t> last_id_{0};
};

namespace detail {

// A probe, whatever it is of. It is on the list for its lifetime, and nobody looks at the primitive
// after that (TELEMETRY-LIVE).
class probe_base : ring_link<probes> {
 public:
  probe_base(const probe_base&) = delete;
  probe_base& operator=(const probe_base&) = delete;

  [[nodiscard]] telemetry_snapshot snapshot() const noexcept;

  // Effects: a call begins, or ends: successfully, in vain, or because nobody waits any more.
  void begin() noexcept;
  void succeed() noexcept;
  void give_up() noexcept;
  void fail() noexcept;

 protected:
  using reader = void (*)(const void* of, telemetry_snapshot& out) noexcept;

  probe_base(telemetry& all, std::string_view name, const void* of, reader read) noexcept;
  ~probe_base();

 private:
  friend telemetry;

  static constexpr auto never = std::numeric_limits<steady_clock::rep>::min();

  telemetry& all_;
  const std::string_view name_;
  const void* const of_;
  const reader read_;
  std::uint64_t id_ = 0;
  atomic<std::uint64_t> waiting_{0}, granted_{0}, given_up_{0};
  atomic<steady_clock::rep> since_{never};
};

}  // namespace detail

PAWL_END

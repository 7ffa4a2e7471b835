#pragma once
// What a pool is: written for the reader, one thread, no tricks.

#include <pawl/error.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "../prediction.hpp"

namespace pool_programs {

// What a pool is made with.
struct setup {
  pawl::count_t max_size;
  pawl::count_t min_size;
  bool checks_on_acquire;
  bool evicts_unhealthy;
};

// Resources are numbers, in the order in which they are made; these are unhealthy.
constexpr bool is_healthy(std::uint64_t resource) { return resource % 3 != 0; }

class reference {
 public:
  explicit reference(const setup& s) : setup_(s) {}

  // The number of an outcome is that of the resource.
  // Returns: the outcome; nothing if the call waits.
  std::optional<outcome> acquire(std::size_t call);
  outcome try_acquire();
  void withdraw(std::size_t call);

  // The next attempts to make a resource fail.
  void fail(unsigned attempts) { failures_ = attempts; }

  // A resource that is held comes back.
  void give_back(std::uint64_t resource, bool discards);

  // A round that checks all. Returns: 100 times how many were evicted, and how many were made.
  outcome health_check();

  void close();

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled();

  bool has_waiters() const { return !queue_.empty(); }
  pawl::count_t active() const { return active_; }
  pawl::count_t idle() const { return idle_.size() + unfit_.size(); }
  std::uint64_t acquisitions = 0, created = 0, failed = 0, unhealthy = 0, discarded = 0, closed = 0;

 private:
  pawl::count_t total() const { return active_ + idle(); }
  bool has_permit() const { return active_ < setup_.max_size; }

  outcome hand_out();
  std::optional<std::uint64_t> make();
  void reject(std::uint64_t resource);
  void serve();

  const setup setup_;
  bool is_closed_ = false;
  unsigned failures_ = 0;
  pawl::count_t active_ = 0;
  std::vector<std::uint64_t> idle_;  // the last one was used last
  std::deque<std::uint64_t> unfit_;
  std::deque<std::size_t> queue_;
  std::vector<settlement> settled_;
};

}  // namespace pool_programs

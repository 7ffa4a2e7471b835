#pragma once
// One thread's dealings with a condition variable and its mutex.

#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/mutex.hpp>

#include <cstdint>
#include <optional>

#include "../client.hpp"
#include "operation.hpp"

namespace condition_programs {

// The mutex protects the number of waits that have ended.
struct board {
  pawl::condition_variable changed;
  pawl::mutex<std::uint64_t> ended{std::uint64_t{0}};
};

// Whoever is notified holds nothing in the end; all grants have the number 0.
struct nothing {};
using call = basic_call<nothing, operation>;

class client : public basic_client<board, call> {
 public:
  using basic_client::basic_client;

  // Effects: makes the call. Returns: what it came to, of a notification how many it ended; nothing
  //   if a coroutine was started.
  std::optional<outcome> apply(const operation& op);

  void collect() {}

  // How many waits of this client were notified that were not those of coroutines, how many have
  // ended without.
  std::uint64_t notified() const { return notified_; }
  std::uint64_t late() const { return late_; }
  // How many waits it was told that it has ended.
  std::uint64_t told() const { return told_; }

 private:
  outcome wait_briefly();
  outcome count_told(std::uint64_t n);

  std::uint64_t notified_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t told_ = 0;
};

}  // namespace condition_programs

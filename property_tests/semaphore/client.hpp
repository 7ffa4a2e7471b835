#pragma once
// One thread's dealings with a semaphore: its coroutines that wait, its permits, its accounts.

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/scheduler.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "../call.hpp"
#include "operation.hpp"

using call = basic_call<pawl::permit, operation>;

class client {
 public:
  using outcome = pawl::result<pawl::count_t>;  // how many permits, or why none

  // `own` has room for the calls that this client will start; `all` is what it may stop.
  client(pawl::semaphore& s, std::span<call> own, std::span<call> all, pawl::scheduler* where)
      : semaphore_(s), own_(own), all_(all), where_(where) {}

  // Effects: makes the call.
  // Returns: what it came to, 0 if nothing can be said; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op);

  // Effects: takes over the permits of the coroutines that are done.
  void collect();

  const std::vector<pawl::permit>& permits() const { return held_; }
  std::span<call> started() const { return own_.first(started_); }

  // Permits that came into being by this client's calls, and that were taken out of the world.
  std::int64_t created() const { return created_; }
  std::int64_t removed() const { return removed_; }

  // How many calls had been started when the last call that does not wait was granted permits.
  std::size_t passed() const { return passed_; }

 private:
  void start(const operation& op);
  outcome keep(pawl::result<pawl::permit> got);
  pawl::permit* permit_at(std::size_t which);
  outcome split(const operation& op);
  outcome merge(const operation& op);
  pawl::permit take_out(std::size_t which);

  pawl::semaphore& semaphore_;
  const std::span<call> own_;
  const std::span<call> all_;
  pawl::scheduler* const where_;
  std::size_t started_ = 0;
  std::size_t passed_ = 0;
  std::vector<pawl::permit> held_;
  std::int64_t created_ = 0;
  std::int64_t removed_ = 0;
};

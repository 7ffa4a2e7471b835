#pragma once
// One thread's dealings with a mutex: its coroutines that wait, and its guard.

#include <pawl/sync/mutex.hpp>
#include <pawl/task/scheduler.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "../call.hpp"
#include "operation.hpp"

namespace mutex_programs {

// Everybody who has the lock counts up what it protects.
using mutex = pawl::mutex<std::uint64_t>;

// The lock, and how many had it before.
struct entry {
  mutex::guard guard;
  std::uint64_t place = 0;
};

using call = basic_call<entry, operation>;

class client {
 public:
  // How many had the lock before, or why the call did not get it. 0 if nothing can be said.
  using outcome = pawl::result<std::uint64_t>;

  // `own` has room for the calls that this client will start; `all` is what it may stop.
  client(mutex& m, std::span<call> own, std::span<call> all, pawl::scheduler* where)
      : mutex_(m), own_(own), all_(all), where_(where) {}

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op);

  // Effects: takes over the guard of a coroutine that has one.
  void collect();

  std::span<call> started() const { return own_.first(started_); }
  bool has_lock() const { return static_cast<bool>(held_); }

  // How often this client had the lock, by calls that do not wait in a coroutine.
  std::uint64_t entries() const { return entries_; }

  // How many calls had been started when a try last succeeded.
  std::size_t passed() const { return passed_; }

 private:
  void start(const operation& op);
  outcome keep(pawl::result<mutex::guard> locked);
  void let_go(const operation& op);

  mutex& mutex_;
  const std::span<call> own_;
  const std::span<call> all_;
  pawl::scheduler* const where_;
  std::size_t started_ = 0;
  std::size_t passed_ = 0;
  std::uint64_t entries_ = 0;
  mutex::guard held_;
};

}  // namespace mutex_programs

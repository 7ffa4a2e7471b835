#pragma once
// One thread's dealings with a mutex: its coroutines that wait, and its guard.

#include <pawl/sync/mutex.hpp>

#include <cstdint>
#include <optional>

#include "../client.hpp"
#include "operation.hpp"

namespace mutex_programs {

// Everybody who has the lock counts up what it protects.
using mutex = pawl::mutex<std::uint64_t>;

// The number of a grant is how many had the lock before.
using call = basic_call<mutex::guard, operation>;

class client : public basic_client<mutex, call> {
 public:
  using basic_client::basic_client;

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op);

  // Effects: takes over the guard of a coroutine that has one.
  void collect();

  bool has_lock() const { return static_cast<bool>(held_); }

  // How often this client had the lock, by calls that do not wait in a coroutine.
  std::uint64_t entries() const { return entries_; }

 private:
  outcome keep(pawl::result<mutex::guard> locked);
  void let_go(const operation& op);

  std::uint64_t entries_ = 0;
  mutex::guard held_;
};

}  // namespace mutex_programs

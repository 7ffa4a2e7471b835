#pragma once
// One thread's dealings with a shared mutex: its coroutines that wait, and its guards.

#include <pawl/sync/shared_mutex.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "../client.hpp"
#include "operation.hpp"

namespace shared_mutex_programs {

// Every writer counts up what it protects.
using shared_mutex = pawl::shared_mutex<std::uint64_t>;
using reader = shared_mutex::shared_guard;
using upgrader = shared_mutex::upgrade_guard;
using writer = shared_mutex::guard;
using guard = std::variant<reader, upgrader, writer>;

// The number of a grant is how many writers came before.
using call = basic_call<guard, operation>;

class client : public basic_client<shared_mutex, call> {
 public:
  using basic_client::basic_client;

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op);

  // Effects: takes over the guards of coroutines that have one.
  void collect();

  // How many guards it has of that kind.
  template <class Guard>
  std::size_t count() const {
    std::size_t n = 0;
    for (const guard& each : held_) n += std::holds_alternative<Guard>(each) ? 1u : 0u;
    return n;
  }
  bool has_lock() const { return !held_.empty(); }

  // How often this client wrote, by calls that do not wait in a coroutine.
  std::uint64_t writes() const { return writes_; }

 private:
  template <class Guard>
  outcome keep(pawl::result<Guard> locked);
  outcome change(const operation& op);
  outcome upgrade(upgrader& from, bool briefly);

  std::uint64_t writes_ = 0;
  std::vector<guard> held_;
};

}  // namespace shared_mutex_programs

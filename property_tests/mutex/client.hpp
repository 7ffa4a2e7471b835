#pragma once
// One thread's dealings with a mutex: its coroutines that wait, and its guard.

#include <pawl/sync/mutex.hpp>

#include <cstdint>
#include <optional>
#include <utility>

#include "../client.hpp"
#include "operation.hpp"

namespace mutex_programs {

// Everybody who has the lock counts up what it protects.
using mutex = pawl::mutex<std::uint64_t>;

// Of a Mutex that may be something around such a mutex. The number of a grant is how many had the
// lock before.
template <class Mutex>
class client_of : public basic_client<Mutex, basic_call<typename Mutex::guard, operation>> {
  using base = basic_client<Mutex, basic_call<typename Mutex::guard, operation>>;

 public:
  using guard = typename Mutex::guard;
  using typename base::call;

  using base::base;

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op);

  // Effects: takes over the guard of a coroutine that has one.
  void collect() {
    this->collect_by([this](guard&& lock) { held_ = std::move(lock); });
  }

  bool has_lock() const { return static_cast<bool>(held_); }

  // How often this client had the lock, by calls that do not wait in a coroutine.
  std::uint64_t entries() const { return entries_; }

 private:
  static pawl::result<grant<guard>> enter(pawl::result<guard> locked);
  static acquiring lock(pawl::scheduler*, Mutex& m, call& c);
  static acquiring lock_stoppable(pawl::scheduler*, Mutex& m, call& c);
  outcome keep(pawl::result<guard> locked);
  void let_go(const operation& op);

  std::uint64_t entries_ = 0;
  guard held_;
};

using client = client_of<mutex>;
using call = client::call;

extern template class client_of<mutex>;

}  // namespace mutex_programs

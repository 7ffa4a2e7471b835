// The other blocking locks, and once: two threads that act in turn, and never wait without a limit.
// What each call returns, or refuses, a reference says.
#include <pawl/blocking/deadlock_checked.hpp>
#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/once.hpp>
#include <pawl/blocking/recursive_mutex.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/thread_pool.hpp>

#include <rapidcheck.h>

#include <array>
#include <chrono>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "property.hpp"

namespace {

using namespace std::chrono_literals;

// What a call came to; nothing: it was refused.
using outcome = std::optional<bool>;

// Two threads that do in turn what they are told.
class actors {
 public:
  template <class F>
  outcome by(bool second, F f) {
    return std::move(pawl::spawn(pools_[second ? 1 : 0], perform(std::move(f))))
        .join_blocking()
        .value();
  }

 private:
  template <class F>
  static pawl::task<outcome> perform(F f) {
    try {
      co_return f();
    } catch (const std::logic_error&) {
    } catch (const std::system_error&) {}
    co_return std::nullopt;
  }

  std::array<pawl::thread_pool, 2> pools_{pawl::thread_pool(1), pawl::thread_pool(1)};
};

enum class operation { lock, lock_unless_stopped, lock_stopped, try_lock, try_lock_for, unlock };
constexpr std::array<std::string_view, 6> operations{"lock",     "lock(token)",  "lock(stopped)",
                                                     "try_lock", "try_lock_for", "unlock"};

struct step {
  bool second;
  operation what;
};

void showValue(step s, std::ostream& out) {
  out << (s.second ? "second " : "first ") << operations[static_cast<std::size_t>(s.what)];
}

rc::Gen<std::vector<step>> any_steps() {
  const auto any_operation = rc::gen::map(rc::gen::inRange<std::size_t>(0, operations.size()),
                                          [](std::size_t n) { return static_cast<operation>(n); });
  return rc::gen::container<std::vector<step>>(
      rc::gen::construct<step>(rc::gen::arbitrary<bool>(), any_operation));
}

// Who has it, and how often; a thread may have it `most` times.
struct reference {
  unsigned most;
  std::optional<bool> owner = std::nullopt;
  unsigned depth = 0;

  // Returns: whether the call would wait for the other thread, for ever.
  [[nodiscard]] bool waits(step s) const {
    return (s.what == operation::lock || s.what == operation::lock_unless_stopped) && owner &&
           (*owner != s.second || (most == depth && s.what == operation::lock_unless_stopped));
  }

  outcome apply(step s) {
    if (s.what == operation::unlock) {
      if (owner != s.second) return std::nullopt;
      if (--depth == 0) owner = std::nullopt;
      return true;
    }
    if (s.what == operation::lock_stopped) return false;
    if (owner && (*owner != s.second || depth == most)) {
      return s.what == operation::lock ? outcome() : outcome(false);
    }
    owner = s.second;
    ++depth;
    return true;
  }
};

template <class Mutex>
bool perform(Mutex& m, operation what, pawl::stop_source& stop) {
  switch (what) {
    case operation::lock:
      m.lock();
      return true;
    case operation::lock_unless_stopped:
      return m.lock(pawl::stop_token());
    case operation::lock_stopped:
      return m.lock(stop.get_token());
    case operation::try_lock:
      return m.try_lock();
    case operation::try_lock_for:
      return m.try_lock_for(1us);
    case operation::unlock:
      m.unlock();
      return true;
  }
  return false;
}

template <class Mutex>
void follows(reference expected) {
  const auto steps = *any_steps();
  actors threads;
  pawl::stop_source stop;
  stop.request_stop();
  Mutex m;
  for (const step s : steps) {
    if (expected.waits(s)) continue;
    RC_ASSERT(threads.by(s.second, [&] { return outcome(perform(m, s.what, stop)); }) ==
              expected.apply(s));
    RC_ASSERT(m.is_locked() == expected.owner.has_value());
  }
  while (expected.owner) {
    const step last{*expected.owner, operation::unlock};
    RC_ASSERT(threads.by(last.second, [&] { return outcome(perform(m, last.what, stop)); }) ==
              expected.apply(last));
  }
  RC_ASSERT(!m.is_locked());
}

const property recursive("blocking.recursive_mutex",
                         "a recursive_mutex is its owner's as often as he locks it", 200,
                         [] { follows<pawl::blocking::recursive_mutex>({.most = ~0u}); });

const property checked("blocking.deadlock_checked",
                       "a checked lock is refused to who has it, and to nobody else", 200, [] {
                         follows<pawl::blocking::deadlock_checked<pawl::blocking::fair_mutex>>(
                             {.most = 1});
                       });

enum class attempt { succeeds, fails, wait, look };

void showValue(attempt a, std::ostream& out) {
  constexpr std::array<std::string_view, 4> names{"succeeds", "fails", "wait", "look"};
  out << names[static_cast<std::size_t>(a)];
}

const property done_once("blocking.once", "the first call that does not throw does it", 500, [] {
  const auto any_attempt =
      rc::gen::map(rc::gen::inRange(0, 4), [](int n) { return static_cast<attempt>(n); });
  const auto attempts = *rc::gen::container<std::vector<attempt>>(any_attempt);
  pawl::blocking::once once;
  bool is_done = false;
  int times = 0;
  for (const attempt a : attempts) {
    if (a == attempt::wait) {
      RC_ASSERT(once.wait_for(1us) == is_done);
    } else if (a == attempt::succeeds) {
      RC_ASSERT(once.call([&] { ++times; }) == !std::exchange(is_done, true));
    } else if (a == attempt::fails) {
      bool was_called = false;
      const auto fail = [&] {
        was_called = true;
        throw std::runtime_error("in vain");
      };
      try {
        RC_ASSERT(!once.call(fail));
      } catch (const std::runtime_error&) {}
      RC_ASSERT(was_called == !is_done);
    }
    RC_ASSERT(once.is_done() == is_done && times == (is_done ? 1 : 0));
  }
});

}  // namespace

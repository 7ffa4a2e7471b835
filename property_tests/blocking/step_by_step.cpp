// One thread, which never waits: what each call returns, or refuses, a reference of three numbers
// says.
#include <pawl/blocking/shared_mutex.hpp>

#include <rapidcheck.h>

#include <array>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "property.hpp"

namespace {

enum class step {
  try_lock,
  try_lock_shared,
  try_lock_shared_recursive,
  try_lock_upgrade,
  unlock,
  unlock_shared,
  unlock_upgrade,
  try_upgrade,
  downgrade_to_shared,
  downgrade_to_upgrade,
  upgrade_to_shared,
};
constexpr std::array<std::string_view, 11> names{"try_lock",
                                                 "try_lock_shared",
                                                 "try_lock_shared_recursive",
                                                 "try_lock_upgrade",
                                                 "unlock",
                                                 "unlock_shared",
                                                 "unlock_upgrade",
                                                 "try_unlock_upgrade_and_lock",
                                                 "unlock_and_lock_shared",
                                                 "unlock_and_lock_upgrade",
                                                 "unlock_upgrade_and_lock_shared"};

void showValue(step s, std::ostream& out) { out << names[static_cast<std::size_t>(s)]; }

// What a call came to; nothing: it was refused.
using outcome = std::optional<bool>;

struct reference {
  bool writer = false;
  bool upgrader = false;
  unsigned readers = 0;

  outcome apply(step s) {
    switch (s) {
      case step::try_lock:
        return gain(!writer && !upgrader && readers == 0, [this] { writer = true; });
      case step::try_lock_shared:
      case step::try_lock_shared_recursive:
        return gain(!writer, [this] { ++readers; });
      case step::try_lock_upgrade:
        return gain(!writer && !upgrader, [this] { upgrader = true; });
      case step::unlock:
        return change(writer, [this] { writer = false; });
      case step::unlock_shared:
        return change(readers != 0, [this] { --readers; });
      case step::unlock_upgrade:
        return change(upgrader, [this] { upgrader = false; });
      case step::try_upgrade:
        if (!upgrader) return std::nullopt;
        return gain(readers == 0, [this] {
          upgrader = false;
          writer = true;
        });
      case step::downgrade_to_shared:
        return change(writer, [this] {
          writer = false;
          ++readers;
        });
      case step::downgrade_to_upgrade:
        return change(writer, [this] {
          writer = false;
          upgrader = true;
        });
      case step::upgrade_to_shared:
        return change(upgrader, [this] {
          upgrader = false;
          ++readers;
        });
    }
    return std::nullopt;
  }

 private:
  template <class Change>
  static outcome gain(bool possible, Change c) {
    if (possible) c();
    return possible;
  }
  template <class Change>
  static outcome change(bool allowed, Change c) {
    if (!allowed) return std::nullopt;
    c();
    return true;
  }
};

bool perform(pawl::blocking::shared_mutex& m, step s) {
  switch (s) {
    case step::try_lock:
      return m.try_lock();
    case step::try_lock_shared:
      return m.try_lock_shared();
    case step::try_lock_shared_recursive:
      return m.try_lock_shared_recursive();
    case step::try_lock_upgrade:
      return m.try_lock_upgrade();
    case step::unlock:
      m.unlock();
      return true;
    case step::unlock_shared:
      m.unlock_shared();
      return true;
    case step::unlock_upgrade:
      m.unlock_upgrade();
      return true;
    case step::try_upgrade:
      return m.try_unlock_upgrade_and_lock();
    case step::downgrade_to_shared:
      m.unlock_and_lock_shared();
      return true;
    case step::downgrade_to_upgrade:
      m.unlock_and_lock_upgrade();
      return true;
    case step::upgrade_to_shared:
      m.unlock_upgrade_and_lock_shared();
      return true;
  }
  return false;
}

outcome apply(pawl::blocking::shared_mutex& m, step s) {
  try {
    return perform(m, s);
  } catch (const std::logic_error&) {
    return std::nullopt;
  }
}

const property p(
    "blocking.step_by_step", "a shared_mutex does and refuses what it should", 1000, [] {
      const auto any_step = rc::gen::map(rc::gen::inRange<std::size_t>(0, names.size()),
                                         [](std::size_t n) { return static_cast<step>(n); });
      const auto steps = *rc::gen::container<std::vector<step>>(any_step);
      reference expected;
      pawl::blocking::shared_mutex m;
      for (const step s : steps) {
        RC_ASSERT(apply(m, s) == expected.apply(s));
        RC_ASSERT(m.is_locked() == expected.writer);
        RC_ASSERT(m.is_locked_shared() == (expected.upgrader || expected.readers != 0));
        RC_ASSERT(!m.has_waiters());
      }
    });

}  // namespace

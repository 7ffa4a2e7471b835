#include <pawl/sync/shared_mutex.hpp>
#include <pawl/sync/shared_mutex_guard.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using pawl::count_t;
using pawl::errc;
using namespace std::chrono_literals;

struct person {
  std::string name = "Ada";
  int age = 36;
};

using lock = pawl::shared_mutex<person>;
using reader = pawl::read_guard<person>;
using upgradable = pawl::upgradable_guard<person>;
using writer = pawl::write_guard<person>;

// Nothing makes a guard but locking; what a guard can do depends on its kind.
static_assert(!std::is_constructible_v<reader, lock*> && !std::is_copy_constructible_v<reader>);
static_assert(std::is_nothrow_move_constructible_v<writer>);
static_assert(std::is_nothrow_move_assignable_v<upgradable>);
static_assert(sizeof(reader) <= 16 && sizeof(pawl::mapped_read_guard<int>) <= 24);
template <class Guard>
concept downgrades = requires(Guard g) { std::move(g).downgrade(); };
template <class Guard>
concept upgrades = requires(Guard g) { g.try_upgrade(); };
static_assert(!downgrades<reader> && downgrades<upgradable> && downgrades<writer>);
static_assert(!upgrades<reader> && upgrades<upgradable> && !upgrades<writer>);

template <class T>
void check_error(errc code, const pawl::result<T>& r) {
  CPPUNIT_ASSERT(!r.has_value());
  CPPUNIT_ASSERT_EQUAL(pawl::to_string(code), pawl::to_string(r.error().code));
}

template <class Guard>
void unwind(Guard g) {
  try {
    const Guard dying = std::move(g);
    throw std::runtime_error("thrown while the lock is held");
  } catch (const std::runtime_error&) {}
}

template <class... Arguments>
call upgrade(upgradable& from, outcome_of<writer>& out, Arguments... arguments) {
  auto upgraded = co_await from.upgrade(arguments...);
  out.end(std::move(upgraded));
}
call write(lock& m, outcome_of<writer>& out) {
  auto locked = co_await m.lock();
  out.end(std::move(locked));
}
call read(lock& m, outcome_of<reader>& out) {
  auto locked = co_await m.lock_shared();
  out.end(std::move(locked));
}

class shared_mutex_guard_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(shared_mutex_guard_test);
  CPPUNIT_TEST(destruction_unlocks);
  CPPUNIT_TEST(an_empty_guard_has_nothing);
  CPPUNIT_TEST(assignment_unlocks_what_was_held);
  CPPUNIT_TEST(maps_to_a_part);
  CPPUNIT_TEST(try_map_gives_the_guard_back);
  CPPUNIT_TEST(downgrading_lets_readers_in_but_no_writer);
  CPPUNIT_TEST(downgrades_to_a_part);
  CPPUNIT_TEST(a_part_that_is_missing_keeps_the_writer);
  CPPUNIT_TEST(a_mapping_that_throws_leaves_the_guard);
  CPPUNIT_TEST(upgrades_when_readers_have_left);
  CPPUNIT_TEST(an_upgrade_comes_before_who_waits);
  CPPUNIT_TEST(a_failed_upgrade_leaves_the_guard);
  CPPUNIT_TEST(a_destroyed_upgrade_leaves_the_guard);
  CPPUNIT_TEST(downgrades_and_upgrades_again);
  CPPUNIT_TEST(who_has_upgraded_poisons);
  CPPUNIT_TEST(mapped_writers_poison_too);
  CPPUNIT_TEST(an_older_exception_does_not_poison);
  CPPUNIT_TEST_SUITE_END();

 public:
  void destruction_unlocks() {
    lock m;
    {
      const auto a = m.try_lock_shared();
      const auto b = m.try_lock_upgrade();
      CPPUNIT_ASSERT_EQUAL(count_t{2}, m.readers());
    }
    CPPUNIT_ASSERT(!m.is_locked());
    { const auto c = m.try_lock(); }
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void an_empty_guard_has_nothing() {
    reader r;
    writer w;
    upgradable u;
    CPPUNIT_ASSERT(!r && !w && !u && r.owner() == nullptr);
    CPPUNIT_ASSERT_THROW(r.unlock(), std::logic_error);
    CPPUNIT_ASSERT_THROW(std::move(w).downgrade(), std::logic_error);
    CPPUNIT_ASSERT_THROW(std::move(w).downgrade_to_upgradable(), std::logic_error);
    CPPUNIT_ASSERT_THROW(u.upgrade(), std::logic_error);
    CPPUNIT_ASSERT_THROW(u.try_upgrade(), std::logic_error);
    CPPUNIT_ASSERT_THROW(u.upgrade_blocking(), std::logic_error);
    std::move(w).forget();
  }

  void assignment_unlocks_what_was_held() {
    lock first, second;
    reader g = std::move(*first.try_lock_shared());
    g = std::move(*second.try_lock_shared());
    CPPUNIT_ASSERT(!first.is_locked() && second.is_locked() && g.owner() == &second);
    g = std::move(*&g);
    CPPUNIT_ASSERT(g && second.is_locked());
  }

  void maps_to_a_part() {
    lock m;
    {
      auto name = std::move(*m.try_lock()).map(&person::name);
      static_assert(std::is_same_v<decltype(name), pawl::mapped_write_guard<std::string>>);
      name->append(" L.");
      CPPUNIT_ASSERT(m.is_locked_exclusively());
    }
    const auto name = std::move(*m.try_lock_shared()).map(&person::name);
    static_assert(std::is_same_v<decltype(name), const pawl::mapped_read_guard<std::string>>);
    const auto age = std::move(*m.try_lock_upgrade()).map(&person::age);
    CPPUNIT_ASSERT_EQUAL(std::string("Ada L."), *name);
    CPPUNIT_ASSERT_EQUAL(36, *age);
    CPPUNIT_ASSERT_EQUAL(count_t{2}, m.readers());
  }

  void try_map_gives_the_guard_back() {
    lock m;
    const auto senior = [](const person& p) { return p.age > 60 ? &p.name : nullptr; };
    auto refused = std::move(*m.try_lock_shared()).try_map(senior);
    CPPUNIT_ASSERT(!refused.has_value() && refused.error());
    CPPUNIT_ASSERT_EQUAL(36, refused.error()->age);
  }

  void downgrading_lets_readers_in_but_no_writer() {
    lock m;
    outcome_of<reader> first, second;
    outcome_of<writer> w;
    auto held = m.try_lock();
    const call calls[] = {read(m, first), write(m, w), read(m, second)};
    auto kept = std::move(*held).downgrade();
    CPPUNIT_ASSERT(!*held && kept && first.is_granted());
    CPPUNIT_ASSERT(w.is_pending() && second.is_pending());
    first.result.reset();
    CPPUNIT_ASSERT(w.is_pending());
    kept.unlock();
    CPPUNIT_ASSERT(w.is_granted());
  }

  void downgrades_to_a_part() {
    lock m;
    auto held = m.try_lock();
    const auto name = std::move(*held).downgrade_map([&](const person& p) -> auto& {
      CPPUNIT_ASSERT(m.is_locked_exclusively());
      return p.name;
    });
    static_assert(std::is_same_v<decltype(name), const pawl::mapped_read_guard<std::string>>);
    CPPUNIT_ASSERT_EQUAL(std::string("Ada"), *name);
    CPPUNIT_ASSERT(m.try_lock_shared().has_value() && !m.try_lock());
  }

  void a_part_that_is_missing_keeps_the_writer() {
    lock m;
    auto held = m.try_lock();
    const auto adult = [](const person& p) { return p.age >= 18 ? &p.name : nullptr; };
    (*held)->age = 3;
    auto refused = std::move(*held).try_downgrade_map(adult);
    CPPUNIT_ASSERT(!refused.has_value() && m.is_locked_exclusively());
    refused.error()->age = 18;
    const auto name = std::move(refused.error()).try_downgrade_map(adult);
    CPPUNIT_ASSERT(name.has_value() && !m.is_locked_exclusively());
    CPPUNIT_ASSERT_EQUAL(std::string("Ada"), **name);
  }

  void a_mapping_that_throws_leaves_the_guard() {
    lock m;
    auto held = m.try_lock();
    const auto fails = [](const person&) -> const int& { throw std::runtime_error("not found"); };
    CPPUNIT_ASSERT_THROW(std::move(*held).downgrade_map(fails), std::runtime_error);
    CPPUNIT_ASSERT(*held && m.is_locked_exclusively());
    held->unlock();
    CPPUNIT_ASSERT(!m.is_poisoned());
  }

  void upgrades_when_readers_have_left() {
    lock m;
    auto held = m.try_lock_upgrade();
    auto other = m.try_lock_shared();
    outcome_of<writer> out;
    check_error(errc::would_block, held->try_upgrade());
    check_error(errc::timed_out, held->upgrade_blocking_for(1us));
    const call c = upgrade(*held, out);
    CPPUNIT_ASSERT(out.is_pending() && *held);
    check_error(errc::would_block, m.try_lock_shared());
    other->unlock();
    CPPUNIT_ASSERT(out.is_granted() && !*held && m.is_locked_exclusively());
    out.result.reset();
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void an_upgrade_comes_before_who_waits() {
    lock m;
    auto held = m.try_lock_upgrade();
    outcome_of<writer> w;
    const call c = write(m, w);
    auto upgraded = held->try_upgrade();
    CPPUNIT_ASSERT(upgraded.has_value() && w.is_pending());
    upgraded->unlock();
    CPPUNIT_ASSERT(w.is_granted());
  }

  void a_failed_upgrade_leaves_the_guard() {
    lock m;
    pawl::stop_source stop;
    auto held = m.try_lock_upgrade();
    auto other = m.try_lock_shared();
    outcome_of<writer> out;
    outcome_of<reader> r;
    const call calls[] = {upgrade(*held, out, stop.get_token()), read(m, r)};
    CPPUNIT_ASSERT(r.is_pending());
    stop.request_stop();
    CPPUNIT_ASSERT(out.failed_with(errc::cancelled) && *held && r.is_granted());
    CPPUNIT_ASSERT_EQUAL(36, (*held)->age);
    m.poison();
    other->unlock();
    check_error(errc::poisoned, held->try_upgrade());
    held->unlock();
    r.result.reset();
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void a_destroyed_upgrade_leaves_the_guard() {
    lock m;
    auto held = m.try_lock_upgrade();
    auto other = m.try_lock_shared();
    outcome_of<writer> out;
    call c = upgrade(*held, out);
    c.destroy();
    CPPUNIT_ASSERT(out.is_pending() && *held && !m.has_waiters());
    other->unlock();
    CPPUNIT_ASSERT(held->try_upgrade().has_value());
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void downgrades_and_upgrades_again() {
    lock m;
    outcome_of<writer> w;
    auto held = m.try_lock();
    const call c = write(m, w);
    for (int i = 0; i < 3; ++i) {
      auto kept = std::move(*held).downgrade_to_upgradable();
      CPPUNIT_ASSERT(!m.is_locked_exclusively());
      held = kept.try_upgrade();
      CPPUNIT_ASSERT(held.has_value() && !kept);
    }
    CPPUNIT_ASSERT(w.is_pending());
    std::move(*held).downgrade_to_upgradable() = upgradable();
    CPPUNIT_ASSERT(w.is_granted());
  }

  void who_has_upgraded_poisons() {
    lock m;
    unwind(std::move(*m.try_lock_upgrade()->try_upgrade()));
    CPPUNIT_ASSERT(m.is_poisoned() && !m.is_locked());
  }

  void mapped_writers_poison_too() {
    lock m;
    unwind(std::move(*m.try_lock_shared()).map(&person::name));
    unwind(std::move(*m.try_lock()).downgrade());
    CPPUNIT_ASSERT(!m.is_poisoned());
    unwind(std::move(*m.try_lock()).map(&person::name));
    CPPUNIT_ASSERT(m.is_poisoned() && !m.is_locked());
  }

  void an_older_exception_does_not_poison() {
    lock m;
    struct locks_in_destructor {
      ~locks_in_destructor() { const auto held = m.try_lock(); }
      lock& m;
    };
    try {
      const locks_in_destructor last{m};
      throw std::runtime_error("thrown before the lock is taken");
    } catch (const std::runtime_error&) {}
    CPPUNIT_ASSERT(!m.is_poisoned() && !m.is_locked());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(shared_mutex_guard_test);

}  // namespace

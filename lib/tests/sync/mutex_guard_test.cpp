#include <pawl/sync/mutex.hpp>
#include <pawl/sync/mutex_guard.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace {

struct person {
  std::string name = "Ada";
  int age = 36;
};

using pawl::mutex;
using guard = pawl::mutex_guard<person>;
using mapped_guard = pawl::mapped_mutex_guard<std::string>;

// Nothing makes a guard but locking.
static_assert(!std::is_constructible_v<guard, mutex<person>*>);
static_assert(!std::is_copy_constructible_v<guard> && !std::is_copy_assignable_v<guard>);
static_assert(std::is_nothrow_move_constructible_v<guard>);
static_assert(std::is_nothrow_move_assignable_v<guard> && std::is_nothrow_destructible_v<guard>);
static_assert(!std::is_copy_constructible_v<mapped_guard>);
static_assert(std::is_nothrow_move_assignable_v<mapped_guard>);
static_assert(sizeof(guard) <= 16 && sizeof(mapped_guard) <= 24);
template <class Guard>
concept dereferencable = requires(Guard g) { *g; };
static_assert(dereferencable<guard> && !dereferencable<pawl::mutex_guard<void>>);

guard take(mutex<person>& m) { return std::move(m.try_lock().value()); }

// Lets go of what it is given because of an exception.
template <class Guard>
void unwind(Guard g) {
  try {
    const Guard dying = std::move(g);
    throw std::runtime_error("thrown while the lock is held");
  } catch (const std::runtime_error&) {}
}

// Locks while an exception is in flight, unlocks while it still is.
struct locks_in_destructor {
  ~locks_in_destructor() { const guard g = take(m); }
  mutex<person>& m;
};

class mutex_guard_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(mutex_guard_test);
  CPPUNIT_TEST(destruction_unlocks);
  CPPUNIT_TEST(an_empty_guard_has_nothing);
  CPPUNIT_TEST(moving_moves_ownership);
  CPPUNIT_TEST(assignment_unlocks_what_was_held);
  CPPUNIT_TEST(knows_its_mutex);
  CPPUNIT_TEST(a_second_unlock_is_refused);
  CPPUNIT_TEST(unlocking_while_unwinding_does_not_poison);
  CPPUNIT_TEST(an_older_exception_does_not_poison);
  CPPUNIT_TEST(maps_to_a_part);
  CPPUNIT_TEST(maps_parts_of_parts);
  CPPUNIT_TEST(mapping_by_pointer_to_member);
  CPPUNIT_TEST(try_map_gives_the_guard_back);
  CPPUNIT_TEST(a_mapping_that_throws_leaves_the_guard);
  CPPUNIT_TEST(mapped_guards_poison_too);
  CPPUNIT_TEST_SUITE_END();

 public:
  void destruction_unlocks() {
    mutex<person> m;
    {
      const guard g = take(m);
      CPPUNIT_ASSERT(g && m.is_locked());
    }
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void an_empty_guard_has_nothing() {
    guard g;
    mapped_guard mapped;
    CPPUNIT_ASSERT(!g && !mapped && g.owner() == nullptr);
    CPPUNIT_ASSERT_THROW(g.unlock(), std::logic_error);
    CPPUNIT_ASSERT_THROW(mapped.unlock(), std::logic_error);
    std::move(g).forget();
  }

  void moving_moves_ownership() {
    mutex<person> m;
    guard a = take(m);
    guard b = std::move(a);
    CPPUNIT_ASSERT(!a && b && m.is_locked());
    a = std::move(b);
    CPPUNIT_ASSERT(a && !b && m.is_locked());
    a = std::move(*&a);
    CPPUNIT_ASSERT(a && m.is_locked());
  }

  void assignment_unlocks_what_was_held() {
    mutex<person> first, second;
    guard g = take(first);
    g = take(second);
    CPPUNIT_ASSERT(!first.is_locked() && second.is_locked());
    g = guard();
    CPPUNIT_ASSERT(!second.is_locked());
  }

  void knows_its_mutex() {
    mutex<person> first, second;
    guard g = take(first);
    CPPUNIT_ASSERT(g.owner() == &first && g.owner() != &second);
    const mapped_guard mapped = std::move(g).map(&person::name);
    CPPUNIT_ASSERT(mapped.owner() == &first && g.owner() == nullptr);
  }

  void a_second_unlock_is_refused() {
    mutex<person> m;
    guard g = take(m);
    g.unlock();
    const guard other = take(m);
    CPPUNIT_ASSERT_THROW(g.unlock(), std::logic_error);
    CPPUNIT_ASSERT(m.is_locked());
  }

  void unlocking_while_unwinding_does_not_poison() {
    mutex<person> m;
    struct unlocker {
      ~unlocker() { held.unlock(); }
      guard held;
    };
    try {
      const unlocker last{take(m)};
      throw std::runtime_error("thrown while the lock is held");
    } catch (const std::runtime_error&) {}
    CPPUNIT_ASSERT(!m.is_poisoned() && !m.is_locked());
  }

  void an_older_exception_does_not_poison() {
    mutex<person> m;
    try {
      const locks_in_destructor last{m};
      throw std::runtime_error("thrown before the lock is taken");
    } catch (const std::runtime_error&) {}
    CPPUNIT_ASSERT(!m.is_poisoned() && !m.is_locked());
  }

  void maps_to_a_part() {
    mutex<person> m;
    guard g = take(m);
    {
      const mapped_guard name = std::move(g).map([](person& p) -> auto& { return p.name; });
      CPPUNIT_ASSERT(!g && name && m.is_locked());
      *name += " L.";
      CPPUNIT_ASSERT_EQUAL(std::size_t{6}, name->size());
    }
    CPPUNIT_ASSERT(!m.is_locked());
    CPPUNIT_ASSERT_EQUAL(std::string("Ada L."), m.unguarded().name);
  }

  void maps_parts_of_parts() {
    mutex<person> m;
    auto initial = take(m).map(&person::name).map([](std::string& s) -> char& { return s[0]; });
    static_assert(std::is_same_v<decltype(initial), pawl::mapped_mutex_guard<char>>);
    *initial = 'I';
    initial.unlock();
    CPPUNIT_ASSERT_EQUAL(std::string("Ida"), m.unguarded().name);
    CPPUNIT_ASSERT_THROW(initial.unlock(), std::logic_error);
  }

  void mapping_by_pointer_to_member() {
    mutex<person> m;
    const auto age = take(m).map(&person::age);
    CPPUNIT_ASSERT_EQUAL(36, *age);
  }

  void try_map_gives_the_guard_back() {
    mutex<person> m;
    const auto adult = [](person& p) { return p.age >= 18 ? &p.name : nullptr; };
    const auto longer = [](std::string& s) { return s.size() > 10 ? &s[10] : nullptr; };
    {
      auto name = take(m).try_map(adult);
      CPPUNIT_ASSERT(name.has_value());
      auto letter = std::move(*name).try_map(longer);
      CPPUNIT_ASSERT(!letter.has_value() && m.is_locked());
      CPPUNIT_ASSERT_EQUAL(std::string("Ada"), *letter.error());
    }
    m.unguarded().age = 3;
    auto child = take(m).try_map(adult);
    CPPUNIT_ASSERT(!child.has_value() && m.is_locked());
    CPPUNIT_ASSERT_EQUAL(3, child.error()->age);
    child.error().unlock();
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void a_mapping_that_throws_leaves_the_guard() {
    mutex<person> m;
    guard g = take(m);
    const auto fails = [](person&) -> int& { throw std::runtime_error("not to be had"); };
    CPPUNIT_ASSERT_THROW(std::move(g).map(fails), std::runtime_error);
    CPPUNIT_ASSERT(g && m.is_locked());
    g.unlock();
    CPPUNIT_ASSERT(!m.is_poisoned());
  }

  void mapped_guards_poison_too() {
    mutex<person> m;
    unwind(take(m).map(&person::name));
    CPPUNIT_ASSERT(m.is_poisoned() && !m.is_locked());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(mutex_guard_test);

}  // namespace

#include <pawl/sync/lock_owned.hpp>
#include <pawl/task/sync_wait.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace {

using pawl::errc;
using pawl::mutex;
using namespace std::chrono_literals;

using owned = pawl::result<pawl::owned_mutex_guard<int>>;
using maybe = std::optional<owned>;
using shared = std::shared_ptr<mutex<int>>;

template <class... Arguments>
call start_owned(shared m, maybe& out, Arguments... arguments) {
  auto locked = co_await pawl::lock_owned(std::move(m), arguments...);
  out.emplace(std::move(locked));
}

pawl::task<owned> lock_for(shared m, pawl::steady_clock::duration timeout) {
  auto locked = co_await pawl::lock_owned_for(std::move(m), timeout);
  co_return std::move(locked);
}

bool failed_with(errc code, const owned& r) { return !r && r.error().code == code; }

class lock_owned_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(lock_owned_test);
  CPPUNIT_TEST(every_way_to_lock_gives_an_owner);
  CPPUNIT_TEST(failures_are_the_same);
  CPPUNIT_TEST(no_mutex_is_refused);
  CPPUNIT_TEST(the_guard_may_be_the_last_owner);
  CPPUNIT_TEST(so_may_a_mapped_guard);
  CPPUNIT_TEST(so_may_the_call);
  CPPUNIT_TEST(clear_poison_owns_too);
  CPPUNIT_TEST_SUITE_END();

 public:
  void every_way_to_lock_gives_an_owner() {
    const auto m = std::make_shared<mutex<int>>(0);
    pawl::stop_source stop;
    const auto check = [&](owned locked) {
      CPPUNIT_ASSERT(locked.has_value() && locked->owner() == m && m.use_count() == 2);
      ++**locked;
    };
    maybe out;
    const call a = start_owned(m, out);
    check(std::exchange(out, std::nullopt).value());
    const call b = start_owned(m, out, stop.get_token());
    check(std::exchange(out, std::nullopt).value());
    check(pawl::sync_wait(lock_for(m, 1h)));
    check(pawl::lock_owned_blocking(m));
    check(pawl::lock_owned_blocking(m, stop.get_token()));
    check(pawl::lock_owned_blocking_for(m, 1h));
    check(pawl::try_lock_owned(m));
    CPPUNIT_ASSERT_EQUAL(7, m->unguarded());
    CPPUNIT_ASSERT_EQUAL(1L, m.use_count());
  }

  void failures_are_the_same() {
    const auto m = std::make_shared<mutex<int>>(0);
    auto held = m->try_lock();
    CPPUNIT_ASSERT(failed_with(errc::would_block, pawl::try_lock_owned(m)));
    CPPUNIT_ASSERT(failed_with(errc::timed_out, pawl::lock_owned_blocking_for(m, 1us)));
    CPPUNIT_ASSERT(failed_with(errc::timed_out, pawl::sync_wait(lock_for(m, -1us))));
    m->poison();
    CPPUNIT_ASSERT(failed_with(errc::poisoned, pawl::lock_owned_blocking(m)));
    CPPUNIT_ASSERT_EQUAL(1L, m.use_count());
  }

  void no_mutex_is_refused() {
    const shared none;
    CPPUNIT_ASSERT_THROW(static_cast<void>(pawl::lock_owned(none)), std::invalid_argument);
    CPPUNIT_ASSERT_THROW(static_cast<void>(pawl::lock_owned_for(none, 1s)), std::invalid_argument);
    CPPUNIT_ASSERT_THROW(static_cast<void>(pawl::lock_owned_blocking(none)), std::invalid_argument);
    CPPUNIT_ASSERT_THROW(static_cast<void>(pawl::try_lock_owned(none)), std::invalid_argument);
    CPPUNIT_ASSERT_THROW(pawl::clear_poison_owned(none), std::invalid_argument);
  }

  void the_guard_may_be_the_last_owner() {
    auto m = std::make_shared<mutex<int>>(0);
    const std::weak_ptr<mutex<int>> watch = m;
    auto locked = pawl::try_lock_owned(std::move(m));
    CPPUNIT_ASSERT(!watch.expired());
    locked->unlock();
    CPPUNIT_ASSERT(watch.expired());
  }

  void so_may_a_mapped_guard() {
    auto m = std::make_shared<mutex<std::pair<int, int>>>(std::in_place, 1, 2);
    const std::weak_ptr<mutex<std::pair<int, int>>> watch = m;
    {
      const pawl::owned_mapped_mutex_guard<int> second =
          pawl::try_lock_owned(std::move(m)).value().map(&std::pair<int, int>::second);
      CPPUNIT_ASSERT_EQUAL(2, *second);
      CPPUNIT_ASSERT(!watch.expired());
    }
    CPPUNIT_ASSERT(watch.expired());
  }

  void so_may_the_call() {
    auto m = std::make_shared<mutex<int>>(0);
    const std::weak_ptr<mutex<int>> watch = m;
    mutex<int>& at = *m;
    std::move(*m->try_lock()).forget();
    maybe out;
    const call c = start_owned(std::move(m), out);
    CPPUNIT_ASSERT(!out);
    at.force_unlock();
    CPPUNIT_ASSERT(out && out->has_value() && !watch.expired());
    out.reset();
    CPPUNIT_ASSERT(watch.expired());
  }

  void clear_poison_owns_too() {
    const auto m = std::make_shared<mutex<int>>(0);
    m->poison();
    const auto locked = pawl::clear_poison_owned(m);
    CPPUNIT_ASSERT(locked.has_value() && !m->is_poisoned() && m->is_locked());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(lock_owned_test);

}  // namespace

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/sync_wait.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace {

using pawl::count_t;
using pawl::errc;
using pawl::owned_permit;
using pawl::semaphore;
using namespace std::chrono_literals;

using maybe = std::optional<pawl::result<owned_permit>>;

call start_owned(std::shared_ptr<semaphore> s, count_t n, maybe& out) {
  auto acquired = co_await pawl::acquire_owned(std::move(s), n);
  out.emplace(std::move(acquired));
}

call start_owned(std::shared_ptr<semaphore> s, count_t n, maybe& out, pawl::stop_token token) {
  auto acquired = co_await pawl::acquire_owned(std::move(s), n, token);
  out.emplace(std::move(acquired));
}

pawl::task<pawl::result<owned_permit>> acquire_for(std::shared_ptr<semaphore> s, count_t n) {
  auto acquired = co_await pawl::acquire_owned_for(std::move(s), n, 1ms);
  co_return std::move(acquired);
}

pawl::task<pawl::result<owned_permit>> acquire_up_to(std::shared_ptr<semaphore> s, count_t n) {
  auto acquired = co_await pawl::acquire_owned_up_to(std::move(s), n);
  co_return std::move(acquired);
}

pawl::task<pawl::result<owned_permit>> acquire_up_to(std::shared_ptr<semaphore> s, count_t n,
                                                     pawl::stop_token token) {
  auto acquired = co_await pawl::acquire_owned_up_to(std::move(s), n, token);
  co_return std::move(acquired);
}

pawl::task<pawl::result<owned_permit>> acquire_up_to_for(std::shared_ptr<semaphore> s, count_t n) {
  auto acquired = co_await pawl::acquire_owned_up_to_for(std::move(s), n, 1ms);
  co_return std::move(acquired);
}

class acquire_owned_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(acquire_owned_test);
  CPPUNIT_TEST(every_way_to_wait_gives_an_owner);
  CPPUNIT_TEST(every_way_to_take_what_is_there_gives_an_owner);
  CPPUNIT_TEST(failures_are_the_same);
  CPPUNIT_TEST(no_semaphore_is_refused);
  CPPUNIT_TEST(the_permit_may_be_the_last_owner);
  CPPUNIT_TEST(split_and_merge_share_the_owner);
  CPPUNIT_TEST(a_pending_call_may_be_the_last_owner_and_be_destroyed);
  CPPUNIT_TEST(a_pending_call_may_be_the_last_owner_and_be_cancelled);
  CPPUNIT_TEST(a_pending_call_may_be_the_last_owner_and_be_granted);
  CPPUNIT_TEST_SUITE_END();

 public:
  void every_way_to_wait_gives_an_owner() {
    const auto s = std::make_shared<semaphore>(5);
    maybe awaited;
    const call c = start_owned(s, 1, awaited);
    const auto tried = pawl::try_acquire_owned(s);
    const auto blocked = pawl::acquire_owned_blocking(s);
    const auto in_time = pawl::acquire_owned_blocking_for(s, 1, 1h);
    const auto rest = pawl::sync_wait(acquire_up_to(s, 7));
    CPPUNIT_ASSERT(awaited->has_value() && (*awaited)->owner() == s);
    CPPUNIT_ASSERT(tried.has_value() && tried->owner() == s);
    CPPUNIT_ASSERT(blocked.has_value() && in_time.has_value());
    CPPUNIT_ASSERT_EQUAL(count_t{1}, rest->count());
    CPPUNIT_ASSERT_EQUAL(count_t{0}, s->available_permits());
  }

  void every_way_to_take_what_is_there_gives_an_owner() {
    const auto s = std::make_shared<semaphore>(2);
    pawl::stop_source stop;
    const auto took_two = [&](const pawl::result<owned_permit>& r) {
      return r.has_value() && r->owner() == s && r->count() == 2;
    };
    CPPUNIT_ASSERT(took_two(pawl::try_acquire_owned_up_to(s, 3)));
    CPPUNIT_ASSERT(took_two(pawl::acquire_owned_up_to_blocking(s, 3)));
    CPPUNIT_ASSERT(took_two(pawl::acquire_owned_up_to_blocking(s, 3, stop.get_token())));
    CPPUNIT_ASSERT(took_two(pawl::acquire_owned_up_to_blocking_for(s, 3, 1h)));
    CPPUNIT_ASSERT(took_two(pawl::sync_wait(acquire_up_to(s, 3, stop.get_token()))));
    CPPUNIT_ASSERT(took_two(pawl::sync_wait(acquire_up_to_for(s, 3))));
    const auto all = s->acquire_all();
    stop.request_stop();
    CPPUNIT_ASSERT(errc::cancelled ==
                   pawl::sync_wait(acquire_up_to(s, 3, stop.get_token())).error().code);
    CPPUNIT_ASSERT(errc::timed_out == pawl::sync_wait(acquire_up_to_for(s, 3)).error().code);
    CPPUNIT_ASSERT(errc::would_block == pawl::try_acquire_owned_up_to(s, 3).error().code);
  }

  void failures_are_the_same() {
    const auto s = std::make_shared<semaphore>(0);
    CPPUNIT_ASSERT(errc::would_block == pawl::try_acquire_owned(s).error().code);
    CPPUNIT_ASSERT(errc::timed_out == pawl::acquire_owned_blocking_for(s, 1, 1ms).error().code);
    CPPUNIT_ASSERT(errc::timed_out == pawl::sync_wait(acquire_for(s, 1)).error().code);
    s->close();
    CPPUNIT_ASSERT(errc::closed == pawl::acquire_owned_blocking(s).error().code);
    CPPUNIT_ASSERT_EQUAL(1L, s.use_count());
  }

  void no_semaphore_is_refused() {
    CPPUNIT_ASSERT_THROW(static_cast<void>(pawl::acquire_owned(nullptr)), std::invalid_argument);
    CPPUNIT_ASSERT_THROW(static_cast<void>(pawl::try_acquire_owned(nullptr)),
                         std::invalid_argument);
  }

  void the_permit_may_be_the_last_owner() {
    auto s = std::make_shared<semaphore>(1);
    const std::weak_ptr<semaphore> alive = s;
    {
      const auto held = pawl::try_acquire_owned(std::move(s));
      CPPUNIT_ASSERT(!alive.expired());
    }
    CPPUNIT_ASSERT(alive.expired());
  }

  void split_and_merge_share_the_owner() {
    const auto s = std::make_shared<semaphore>(3);
    auto held = pawl::try_acquire_owned(s, 3);
    auto part = held->split(1);
    CPPUNIT_ASSERT_EQUAL(3L, s.use_count());
    held->merge(std::move(*part));
    CPPUNIT_ASSERT_EQUAL(2L, s.use_count());
    CPPUNIT_ASSERT_EQUAL(count_t{3}, held->count());
    const auto other = std::make_shared<semaphore>(1);
    auto foreign = pawl::try_acquire_owned(other);
    CPPUNIT_ASSERT_THROW(held->merge(std::move(*foreign)), std::invalid_argument);
  }

  // Defect (d).
  void a_pending_call_may_be_the_last_owner_and_be_destroyed() {
    auto s = std::make_shared<semaphore>(0);
    const std::weak_ptr<semaphore> alive = s;
    maybe out;
    call c = start_owned(std::move(s), 1, out);
    CPPUNIT_ASSERT(!alive.expired());
    c.destroy();
    CPPUNIT_ASSERT(alive.expired());
  }

  void a_pending_call_may_be_the_last_owner_and_be_cancelled() {
    auto s = std::make_shared<semaphore>(0);
    const std::weak_ptr<semaphore> alive = s;
    pawl::stop_source stop;
    maybe out;
    const call c = start_owned(std::move(s), 1, out, stop.get_token());
    stop.request_stop();
    CPPUNIT_ASSERT(errc::cancelled == out->error().code);
    CPPUNIT_ASSERT(alive.expired());
  }

  void a_pending_call_may_be_the_last_owner_and_be_granted() {
    auto s = std::make_shared<semaphore>(0);
    semaphore& borrowed = *s;
    const std::weak_ptr<semaphore> alive = s;
    maybe out;
    const call c = start_owned(std::move(s), 1, out);
    borrowed.release();
    CPPUNIT_ASSERT(out->has_value());
    out.reset();
    CPPUNIT_ASSERT(alive.expired());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(acquire_owned_test);

}  // namespace

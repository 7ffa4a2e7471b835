#include <pawl/task/stop_token.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <functional>
#include <optional>

namespace {

class stop_callback_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(stop_callback_test);
  CPPUNIT_TEST(is_called_by_the_request_and_not_before);
  CPPUNIT_TEST(is_called_in_the_constructor_after_the_request);
  CPPUNIT_TEST(is_not_called_once_destroyed);
  CPPUNIT_TEST(does_nothing_for_a_token_without_source);
  CPPUNIT_TEST(may_destroy_itself);
  CPPUNIT_TEST(may_destroy_another_that_encloses_it);
  CPPUNIT_TEST(its_destructor_waits_for_a_call_on_another_thread);
  CPPUNIT_TEST_SUITE_END();

  using callback = pawl::stop_callback<std::function<void()>>;

  pawl::stop_source source_;

  void is_called_by_the_request_and_not_before() {
    int calls = 0;
    pawl::stop_callback on_stop(source_.get_token(), [&] { ++calls; });
    CPPUNIT_ASSERT_EQUAL(0, calls);
    source_.request_stop();
    CPPUNIT_ASSERT_EQUAL(1, calls);
  }

  void is_called_in_the_constructor_after_the_request() {
    int calls = 0;
    source_.request_stop();
    pawl::stop_callback on_stop(source_.get_token(), [&] { ++calls; });
    CPPUNIT_ASSERT_EQUAL(1, calls);
  }

  void is_not_called_once_destroyed() {
    int calls = 0;
    {
      pawl::stop_callback on_stop(source_.get_token(), [&] { ++calls; });
    }
    source_.request_stop();
    CPPUNIT_ASSERT_EQUAL(0, calls);
  }

  void does_nothing_for_a_token_without_source() {
    int calls = 0;
    {
      pawl::stop_callback on_stop(pawl::stop_token(), [&] { ++calls; });
    }
    CPPUNIT_ASSERT_EQUAL(0, calls);
  }

  void may_destroy_itself() {
    std::optional<callback> self;
    bool gone = false;
    self.emplace(source_.get_token(), [&] {
      bool& outer_gone = gone;  // the captures die with the callback
      self.reset();
      outer_gone = true;
    });
    source_.request_stop();
    CPPUNIT_ASSERT(gone && !self.has_value());
  }

  // The outer callback constructs an inner one, which is called at once, on the same stack.
  void may_destroy_another_that_encloses_it() {
    std::optional<callback> outer;
    int inner_calls = 0;
    outer.emplace(source_.get_token(), [&, this] {
      auto& destroyed = outer;
      int& calls = inner_calls;
      pawl::stop_callback inner(source_.get_token(), [&] {
        ++calls;
        destroyed.reset();
      });
    });
    source_.request_stop();
    CPPUNIT_ASSERT_EQUAL(1, inner_calls);
    CPPUNIT_ASSERT(!outer.has_value());
  }

  void its_destructor_waits_for_a_call_on_another_thread() {
    constexpr int rounds = 200;
    const auto is_set = [](bool flag) { return flag; };
    for (int round = 0; round < rounds; ++round) {
      pawl::stop_source source;
      pawl::atomic<bool> entered{false};
      pawl::atomic<bool> destroying{false};
      bool left = false;  // plain: the sanitizers see whether the destructor orders it
      std::optional<callback> on_stop;
      on_stop.emplace(source.get_token(), [&] {
        entered.store(true, pawl::memory_order_release);
        pawl::spin_until(destroying, is_set, pawl::memory_order_acquire);
        pawl::this_thread::yield();
        left = true;
      });
      pawl::thread stopper([&] { source.request_stop(); });
      pawl::spin_until(entered, is_set, pawl::memory_order_acquire);
      destroying.store(true, pawl::memory_order_release);
      on_stop.reset();
      CPPUNIT_ASSERT(left);
      stopper.join();
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(stop_callback_test);

}  // namespace

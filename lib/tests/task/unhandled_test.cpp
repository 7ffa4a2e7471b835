#include <pawl/task/resume.hpp>
#include <pawl/task/unhandled.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <coroutine>
#include <stdexcept>

namespace {

std::exception_ptr received;

void receive(std::exception_ptr exception) noexcept { received = exception; }

// A foreign coroutine type whose promise lets exceptions out.
struct throwing_coroutine {
  struct promise_type {
    throwing_coroutine get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() { throw; }
  };

  std::coroutine_handle<promise_type> handle;
};

throwing_coroutine throws() {
  throw std::runtime_error("from the coroutine");
  co_return;
}

class unhandled_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(unhandled_test);
  CPPUNIT_TEST(the_handler_receives_what_leaves_a_resumed_coroutine);
  CPPUNIT_TEST(setting_returns_the_handler_before);
  CPPUNIT_TEST_SUITE_END();

 public:
  void setUp() override { received = nullptr; }
  void tearDown() override { pawl::set_unhandled_handler(nullptr); }

 private:
  void the_handler_receives_what_leaves_a_resumed_coroutine() {
    pawl::set_unhandled_handler(&receive);
    const auto coroutine = throws();
    pawl::resume(coroutine.handle);
    coroutine.handle.destroy();
    CPPUNIT_ASSERT_THROW(std::rethrow_exception(received), std::runtime_error);
  }

  void setting_returns_the_handler_before() {
    CPPUNIT_ASSERT(pawl::set_unhandled_handler(&receive) == nullptr);
    CPPUNIT_ASSERT(pawl::set_unhandled_handler(nullptr) == &receive);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(unhandled_test);

}  // namespace

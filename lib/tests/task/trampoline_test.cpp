#include <pawl/task/trampoline.hpp>
#include <task/function_item.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <deque>
#include <vector>

namespace {

class trampoline_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(trampoline_test);
  CPPUNIT_TEST(an_item_runs_inside_the_call);
  CPPUNIT_TEST(nesting_is_bounded_and_everything_runs);
  CPPUNIT_TEST(what_is_put_off_runs_in_order_before_the_outermost_returns);
  CPPUNIT_TEST(run_put_off_runs_it_at_once);
  CPPUNIT_TEST(an_item_may_destroy_itself);
  CPPUNIT_TEST_SUITE_END();

  void an_item_runs_inside_the_call() {
    bool ran = false;
    function_item item([&] { ran = true; });
    pawl::run_inline(item);
    CPPUNIT_ASSERT(ran);
  }

  void nesting_is_bounded_and_everything_runs() {
    constexpr int items = 100000;
    int ran = 0;
    unsigned depth = 0;
    unsigned deepest = 0;
    function_item* next = nullptr;
    // Two items that run each other: each is free again once it has been entered.
    const auto step = [&](function_item& other) {
      deepest = std::max(deepest, ++depth);
      if (++ran < items) {
        next = &other;
        pawl::run_inline(*next);
      }
      --depth;
    };
    std::deque<function_item> pair;
    pair.emplace_back([&] { step(pair[1]); });
    pair.emplace_back([&] { step(pair[0]); });
    pawl::run_inline(pair[0]);
    CPPUNIT_ASSERT_EQUAL(items, ran);
    CPPUNIT_ASSERT_EQUAL(pawl::limits::inline_depth, deepest);
  }

  // Descends to the bound, where `at_bottom` is called.
  static void descend(const std::function<void()>& at_bottom, unsigned levels) {
    function_item item([&] { levels == 1 ? at_bottom() : descend(at_bottom, levels - 1); });
    pawl::run_inline(item);
  }

  void what_is_put_off_runs_in_order_before_the_outermost_returns() {
    std::vector<int> order;
    function_item first([&] { order.push_back(1); });
    function_item second([&] { order.push_back(2); });
    descend(
        [&] {
          pawl::run_inline(first);
          pawl::run_inline(second);
          order.push_back(0);
        },
        pawl::limits::inline_depth);
    CPPUNIT_ASSERT((order == std::vector{0, 1, 2}));
  }

  void run_put_off_runs_it_at_once() {
    std::vector<int> order;
    function_item item([&] { order.push_back(1); });
    descend(
        [&] {
          pawl::run_inline(item);
          pawl::run_put_off();
          order.push_back(2);
        },
        pawl::limits::inline_depth);
    CPPUNIT_ASSERT((order == std::vector{1, 2}));
  }

  void an_item_may_destroy_itself() {
    bool ran = false;
    auto* item = new function_item({});
    item->function = [&] {
      bool& outer_ran = ran;
      auto* const self = item;
      const auto function = std::move(self->function);
      delete self;
      outer_ran = true;
    };
    pawl::run_inline(*item);
    CPPUNIT_ASSERT(ran);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(trampoline_test);

}  // namespace

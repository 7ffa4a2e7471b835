#include <pawl/sync/inline_queue.hpp>
#include <task/function_item.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <vector>

namespace {

using pawl::detail::put_off_inline;
using pawl::detail::run_put_off_inline;
using pawl::detail::take_back_inline;

class inline_queue_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(inline_queue_test);
  CPPUNIT_TEST(runs_in_order_and_only_when_told);
  CPPUNIT_TEST(takes_back_from_any_place);
  CPPUNIT_TEST(an_item_may_take_back_another);
  CPPUNIT_TEST(nesting_is_bounded_and_nothing_is_lost);
  CPPUNIT_TEST(each_thread_has_its_own);
  CPPUNIT_TEST_SUITE_END();

 public:
  void runs_in_order_and_only_when_told() {
    std::vector<int> log;
    function_item a([&] { log.push_back(1); }), b([&] { log.push_back(2); });
    put_off_inline(a);
    put_off_inline(b);
    CPPUNIT_ASSERT(log.empty());
    run_put_off_inline();
    CPPUNIT_ASSERT((log == std::vector{1, 2}));
    run_put_off_inline();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, log.size());
  }

  void takes_back_from_any_place() {
    for (int place = 0; place < 3; ++place) {
      std::vector<int> log;
      std::deque<function_item> items;
      for (int i = 0; i < 3; ++i) items.emplace_back([&log, i] { log.push_back(i); });
      for (auto& item : items) put_off_inline(item);
      CPPUNIT_ASSERT(take_back_inline(items[static_cast<std::size_t>(place)]));
      CPPUNIT_ASSERT(!take_back_inline(items[static_cast<std::size_t>(place)]));
      put_off_inline(items[static_cast<std::size_t>(place)]);
      run_put_off_inline();
      CPPUNIT_ASSERT_EQUAL(std::size_t{3}, log.size());
      CPPUNIT_ASSERT_EQUAL(place, log.back());
    }
  }

  void an_item_may_take_back_another() {
    bool ran = false;
    function_item victim([&] { ran = true; });
    function_item first([&] { CPPUNIT_ASSERT(take_back_inline(victim)); });
    put_off_inline(first);
    put_off_inline(victim);
    run_put_off_inline();
    CPPUNIT_ASSERT(!ran);
  }

  void nesting_is_bounded_and_nothing_is_lost() {
    constexpr int n = 1000;
    int ran = 0, depth = 0, deepest = 0;
    std::deque<function_item> items;
    for (int i = 0; i < n; ++i) {
      items.emplace_back([&, i] {
        deepest = std::max(deepest, ++depth);
        ++ran;
        if (i + 1 < n) put_off_inline(items[static_cast<std::size_t>(i) + 1]);
        run_put_off_inline();
        --depth;
      });
    }
    put_off_inline(items.front());
    run_put_off_inline();
    CPPUNIT_ASSERT_EQUAL(n, ran);
    CPPUNIT_ASSERT(deepest <= static_cast<int>(pawl::limits::inline_depth));
  }

  void each_thread_has_its_own() {
    bool ran = false;
    function_item item([&] { ran = true; });
    put_off_inline(item);
    bool taken = true;
    pawl::thread([&] {
      run_put_off_inline();
      taken = take_back_inline(item);
    }).join();
    CPPUNIT_ASSERT(!ran && !taken);
    run_put_off_inline();
    CPPUNIT_ASSERT(ran);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(inline_queue_test);

}  // namespace

#include <pawl/task/stop_token.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace {

struct function_node : pawl::stop_node {
  explicit function_node(std::function<void()> f) : stop_node(&call), function(std::move(f)) {}

  static void call(stop_node& self) noexcept { static_cast<function_node&>(self).function(); }

  std::function<void()> function;
};

class stop_token_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(stop_token_test);
  CPPUNIT_TEST(a_token_without_source_never_stops);
  CPPUNIT_TEST(only_the_first_request_counts);
  CPPUNIT_TEST(an_attached_node_is_called_once);
  CPPUNIT_TEST(a_detached_node_is_not_called);
  CPPUNIT_TEST(attaching_after_the_request_fails_and_does_not_call);
  CPPUNIT_TEST(detaching_works_anywhere_in_the_list);
  CPPUNIT_TEST(a_callback_may_detach_another_node);
  CPPUNIT_TEST(a_callback_may_destroy_its_own_node);
  CPPUNIT_TEST(inside_a_callback_its_node_cannot_be_detached);
  CPPUNIT_TEST(racing_nodes_are_either_called_or_detached);
  CPPUNIT_TEST(each_source_has_a_number);
  CPPUNIT_TEST(threads_that_ask_at_once_get_one_number);
  CPPUNIT_TEST_SUITE_END();

  pawl::stop_source source_;

  void a_token_without_source_never_stops() {
    const pawl::stop_token none;
    function_node node([] { CPPUNIT_FAIL("called"); });
    CPPUNIT_ASSERT(!none.stop_possible() && !none.stop_requested());
    CPPUNIT_ASSERT(none.attach(node));
    CPPUNIT_ASSERT(none.try_detach(node));
    CPPUNIT_ASSERT(source_.get_token().stop_possible());
    CPPUNIT_ASSERT(none != source_.get_token());
  }

  void only_the_first_request_counts() {
    const pawl::stop_token token = source_.get_token();
    CPPUNIT_ASSERT(!token.stop_requested());
    CPPUNIT_ASSERT(source_.request_stop());
    CPPUNIT_ASSERT(!source_.request_stop());
    CPPUNIT_ASSERT(token.stop_requested() && source_.stop_requested());
  }

  void an_attached_node_is_called_once() {
    int calls = 0;
    function_node node([&] { ++calls; });
    CPPUNIT_ASSERT(source_.get_token().attach(node));
    CPPUNIT_ASSERT_EQUAL(0, calls);
    source_.request_stop();
    source_.request_stop();
    CPPUNIT_ASSERT_EQUAL(1, calls);
    CPPUNIT_ASSERT(!source_.get_token().try_detach(node));
  }

  void a_detached_node_is_not_called() {
    int calls = 0;
    function_node node([&] { ++calls; });
    CPPUNIT_ASSERT(source_.get_token().attach(node));
    CPPUNIT_ASSERT(source_.get_token().try_detach(node));
    source_.request_stop();
    CPPUNIT_ASSERT_EQUAL(0, calls);
  }

  void attaching_after_the_request_fails_and_does_not_call() {
    int calls = 0;
    function_node node([&] { ++calls; });
    source_.request_stop();
    CPPUNIT_ASSERT(!source_.get_token().attach(node));
    CPPUNIT_ASSERT_EQUAL(0, calls);
  }

  void detaching_works_anywhere_in_the_list() {
    for (std::size_t gone = 0; gone < 3; ++gone) {
      pawl::stop_source source;
      std::vector<int> called;
      std::deque<function_node> nodes;
      for (int i = 0; i < 3; ++i) nodes.emplace_back([&called, i] { called.push_back(i); });
      for (auto& node : nodes) CPPUNIT_ASSERT(source.get_token().attach(node));
      CPPUNIT_ASSERT(source.get_token().try_detach(nodes[gone]));
      source.request_stop();
      std::vector<int> expected{2, 1, 0};
      std::erase(expected, static_cast<int>(gone));
      CPPUNIT_ASSERT(expected == called);
    }
  }

  void a_callback_may_detach_another_node() {
    bool detached = false;
    function_node victim([] { CPPUNIT_FAIL("called"); });
    function_node killer([&] { detached = source_.get_token().try_detach(victim); });
    CPPUNIT_ASSERT(source_.get_token().attach(victim));
    CPPUNIT_ASSERT(source_.get_token().attach(killer));
    source_.request_stop();
    CPPUNIT_ASSERT(detached);
  }

  void a_callback_may_destroy_its_own_node() {
    std::unique_ptr<function_node> node;
    node = std::make_unique<function_node>([&] {
      // The function dies with the node: leave it first.
      auto function = std::move(node->function);
      node.reset();
    });
    CPPUNIT_ASSERT(source_.get_token().attach(*node));
    source_.request_stop();
    CPPUNIT_ASSERT(node == nullptr);
  }

  void inside_a_callback_its_node_cannot_be_detached() {
    bool detached = true;
    function_node* self = nullptr;
    function_node node([&] { detached = source_.get_token().try_detach(*self); });
    self = &node;
    CPPUNIT_ASSERT(source_.get_token().attach(node));
    source_.request_stop();
    CPPUNIT_ASSERT(!detached);
  }

  // Each round: one thread attaches and detaches nodes while another requests the stop. A node that
  // neither attach nor try_detach gave back must be called; no other may be.
  void racing_nodes_are_either_called_or_detached() {
    constexpr int rounds = 200;
    constexpr int nodes_each_round = 8;
    for (int round = 0; round < rounds; ++round) {
      pawl::stop_source source;
      pawl::atomic<int> called{0};
      pawl::atomic<bool> go{false};
      std::deque<function_node> nodes;
      for (int i = 0; i < nodes_each_round; ++i) {
        nodes.emplace_back([&] { called.fetch_add(1, pawl::memory_order_relaxed); });
      }
      pawl::thread stopper([&] {
        pawl::spin_until(go, [](bool g) { return g; }, pawl::memory_order_acquire);
        source.request_stop();
      });
      int given_back = 0;
      go.store(true, pawl::memory_order_release);
      for (auto& node : nodes) {
        const pawl::stop_token token = source.get_token();
        if (!token.attach(node) || token.try_detach(node)) ++given_back;
      }
      stopper.join();
      CPPUNIT_ASSERT_EQUAL(nodes_each_round, given_back + called.load(pawl::memory_order_relaxed));
    }
  }

  void each_source_has_a_number() {
    CPPUNIT_ASSERT_EQUAL(0U, pawl::stop_token().number());
    const auto first = source_.number();
    CPPUNIT_ASSERT(first != 0);
    for (int i = 0; i < 5; ++i) {
      pawl::stop_source here;  // at one place
      CPPUNIT_ASSERT(here.number() > first);
    }
    CPPUNIT_ASSERT_EQUAL(first, source_.get_token().number());
  }

  void threads_that_ask_at_once_get_one_number() {
    for (int i = 0; i < 100; ++i) {
      pawl::stop_source asked;
      std::uint32_t there = 0;
      pawl::thread other([&] { there = asked.number(); });
      const std::uint32_t here = asked.number();
      other.join();
      CPPUNIT_ASSERT_EQUAL(here, there);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(stop_token_test);

}  // namespace

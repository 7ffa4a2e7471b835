#include <pawl/task/cancellation_source.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "allocations.hpp"

namespace {

using pawl::cancellation_source;
using pawl::cancellation_token;
using pawl::stop_reason;

struct function_node : pawl::stop_node {
  function_node(pawl::stop_token token, std::function<void()> f)
      : stop_node(&call), function(std::move(f)) {
    CPPUNIT_ASSERT(token.attach(*this));
  }

  // The function may end the node.
  static void call(stop_node& self) noexcept {
    const auto function = std::move(static_cast<function_node&>(self).function);
    function();
  }

  std::function<void()> function;
};

static_assert(!std::is_copy_constructible_v<cancellation_source>);
static_assert(std::is_convertible_v<cancellation_token, pawl::stop_token>);

constinit cancellation_source global;

class cancellation_source_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(cancellation_source_test);
  CPPUNIT_TEST(a_token_without_source_is_never_cancelled);
  CPPUNIT_TEST(only_the_first_request_counts);
  CPPUNIT_TEST(a_child_is_cancelled_with_its_parent);
  CPPUNIT_TEST(a_parent_is_not_cancelled_with_its_child);
  CPPUNIT_TEST(the_child_of_a_cancelled_source_is_born_cancelled);
  CPPUNIT_TEST(a_source_made_with_an_empty_token_is_a_root);
  CPPUNIT_TEST(only_descendants_are_cancelled);
  CPPUNIT_TEST(children_outlive_a_source_in_the_middle);
  CPPUNIT_TEST(children_of_a_root_end_in_any_order);
  CPPUNIT_TEST(a_reason_is_handed_down_and_stands);
  CPPUNIT_TEST(nodes_are_called_after_all_is_marked_parents_first);
  CPPUNIT_TEST(a_node_may_destroy_any_source_below);
  CPPUNIT_TEST(a_node_may_destroy_the_whole_tree);
  CPPUNIT_TEST(a_node_may_cancel_and_make_others);
  CPPUNIT_TEST(tokens_compare_by_source);
  CPPUNIT_TEST(a_source_can_be_global);
  CPPUNIT_TEST(nothing_is_allocated);
  CPPUNIT_TEST(a_deep_tree_takes_no_stack);
  CPPUNIT_TEST(threads_that_make_cancel_and_destroy_agree);
  CPPUNIT_TEST_SUITE_END();

  void a_token_without_source_is_never_cancelled() {
    const cancellation_token none;
    CPPUNIT_ASSERT(!none.stop_possible() && !none.stop_requested() && !none.reason());
    CPPUNIT_ASSERT(!none.get_stop_token().stop_possible());
  }

  void only_the_first_request_counts() {
    cancellation_source source;
    int calls = 0;
    const function_node node(source.get_stop_token(), [&] { ++calls; });
    CPPUNIT_ASSERT(!source.stop_requested() && !source.get_token().stop_requested());
    CPPUNIT_ASSERT(source.request_stop());
    CPPUNIT_ASSERT(!source.request_stop());
    CPPUNIT_ASSERT(source.stop_requested() && source.get_token().stop_requested());
    CPPUNIT_ASSERT_EQUAL(1, calls);
  }

  void a_child_is_cancelled_with_its_parent() {
    cancellation_source parent;
    cancellation_source child(parent.get_token());
    cancellation_source grandchild(child.get_token());
    CPPUNIT_ASSERT(!child.stop_requested() && !grandchild.stop_requested());
    parent.request_stop();
    CPPUNIT_ASSERT(child.stop_requested() && grandchild.stop_requested());
    CPPUNIT_ASSERT(!child.request_stop());
  }

  void a_parent_is_not_cancelled_with_its_child() {
    cancellation_source parent;
    cancellation_source child(parent.get_token());
    CPPUNIT_ASSERT(child.request_stop());
    CPPUNIT_ASSERT(!parent.stop_requested());
    CPPUNIT_ASSERT(parent.request_stop());
  }

  void the_child_of_a_cancelled_source_is_born_cancelled() {
    cancellation_source parent;
    parent.request_stop({stop_reason::kind::requested, 7});
    cancellation_source child(parent.get_token());
    cancellation_source grandchild(child.get_token());
    CPPUNIT_ASSERT(child.stop_requested() && grandchild.stop_requested());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, grandchild.reason()->value);
  }

  void a_source_made_with_an_empty_token_is_a_root() {
    cancellation_source root{cancellation_token()};
    cancellation_source child(root.get_token());
    root.request_stop();
    CPPUNIT_ASSERT(child.stop_requested());
  }

  //       0
  //    1     2
  //   3 4   5 6
  //         7
  void only_descendants_are_cancelled() {
    constexpr std::array<std::size_t, 8> parents{0, 0, 0, 1, 1, 2, 2, 5};
    constexpr std::array<bool, 8> expected{false, false, true, false, false, true, true, true};
    std::deque<cancellation_source> all;
    all.emplace_back();
    for (std::size_t i = 1; i < 8; ++i) all.emplace_back(all[parents[i]].get_token());
    all[2].request_stop();
    for (std::size_t i = 0; i < 8; ++i) CPPUNIT_ASSERT_EQUAL(expected[i], all[i].stop_requested());
    while (!all.empty()) all.pop_back();
  }

  void children_outlive_a_source_in_the_middle() {
    cancellation_source root;
    std::optional<cancellation_source> middle(std::in_place, root.get_token());
    cancellation_source first(middle->get_token());
    cancellation_source second(middle->get_token());
    cancellation_source below(first.get_token());
    middle.reset();
    CPPUNIT_ASSERT(!first.stop_requested() && !below.stop_requested());
    CPPUNIT_ASSERT(second.request_stop());
    CPPUNIT_ASSERT(!first.stop_requested());
    root.request_stop();
    CPPUNIT_ASSERT(first.stop_requested() && below.stop_requested());
  }

  void children_of_a_root_end_in_any_order() {
    for (std::size_t gone = 0; gone < 3; ++gone) {
      cancellation_source root;
      std::array<std::optional<cancellation_source>, 3> children;
      for (auto& each : children) each.emplace(root.get_token());
      children[gone].reset();
      root.request_stop();
      for (std::size_t i = 0; i < 3; ++i) {
        CPPUNIT_ASSERT(i == gone || children[i]->stop_requested());
      }
    }
  }

  void a_reason_is_handed_down_and_stands() {
    cancellation_source root;
    cancellation_source child(root.get_token());
    cancellation_source grandchild(child.get_token());
    CPPUNIT_ASSERT(!child.reason());
    const stop_reason first{stop_reason::kind::requested, 1};
    const stop_reason second{stop_reason::kind::deadline, 2};
    child.request_stop(first);
    root.request_stop(second);
    CPPUNIT_ASSERT(root.reason() == second && root.get_token().reason() == second);
    CPPUNIT_ASSERT(child.reason() == first && grandchild.reason() == first);
  }

  void nodes_are_called_after_all_is_marked_parents_first() {
    cancellation_source root;
    cancellation_source child(root.get_token());
    cancellation_source grandchild(child.get_token());
    std::vector<int> order;
    const auto note = [&](int i) {
      return [&, i] {
        CPPUNIT_ASSERT(grandchild.stop_requested());
        order.push_back(i);
      };
    };
    const function_node last(grandchild.get_stop_token(), note(4));
    const function_node third(child.get_stop_token(), note(3));
    const function_node second(root.get_stop_token(), note(2));
    const function_node first(root.get_stop_token(), note(1));
    root.request_stop();
    CPPUNIT_ASSERT((order == std::vector{1, 2, 3, 4}));
  }

  void a_node_may_destroy_any_source_below() {
    cancellation_source root;
    std::optional<cancellation_source> child(std::in_place, root.get_token());
    std::optional<cancellation_source> grandchild(std::in_place, child->get_token());
    const function_node node(root.get_stop_token(), [&] {
      child.reset();
      grandchild.reset();
    });
    root.request_stop();
    CPPUNIT_ASSERT(!child && !grandchild);
  }

  void a_node_may_destroy_the_whole_tree() {
    auto root = std::make_unique<cancellation_source>();
    auto child = std::make_unique<cancellation_source>(root->get_token());
    const function_node node(child->get_stop_token(), [&] {
      child.reset();
      root.reset();
    });
    root->request_stop();
    CPPUNIT_ASSERT(!child && !root);
  }

  void a_node_may_cancel_and_make_others() {
    cancellation_source root;
    cancellation_source sibling(root.get_token());
    cancellation_source child(root.get_token());
    bool made = false;
    bool nested = false;
    const function_node other(sibling.get_stop_token(), [&] { nested = true; });
    const function_node node(child.get_stop_token(), [&] {
      sibling.request_stop();
      const cancellation_source late(child.get_token());
      made = late.stop_requested();
    });
    child.request_stop();
    CPPUNIT_ASSERT(made && nested && sibling.stop_requested() && !root.stop_requested());
  }

  void tokens_compare_by_source() {
    cancellation_source root;
    cancellation_source child(root.get_token());
    CPPUNIT_ASSERT(root.get_token() == root.get_token());
    CPPUNIT_ASSERT(root.get_token() != child.get_token());
    CPPUNIT_ASSERT(root.get_token() != cancellation_token());
    CPPUNIT_ASSERT(child.get_token().get_stop_token() == child.get_stop_token());
  }

  void a_source_can_be_global() { CPPUNIT_ASSERT(!global.stop_requested()); }

  void nothing_is_allocated() {
    const auto before = allocations();
    {
      cancellation_source root;
      cancellation_source child(root.get_token());
      const cancellation_source grandchild(child.get_token());
      root.request_stop();
    }
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
  }

  void a_deep_tree_takes_no_stack() {
    constexpr int depth = 100'000;
    std::deque<cancellation_source> all;
    all.emplace_back();
    for (int i = 1; i < depth; ++i) all.emplace_back(all.back().get_token());
    all.front().request_stop();
    CPPUNIT_ASSERT(all.back().stop_requested());
    while (!all.empty()) all.pop_back();
  }

  // Each round: one thread cancels the root, one a source in the middle, which is destroyed
  // meanwhile by a third, one makes children and destroys them. What is below when a call returns
  // is cancelled.
  void threads_that_make_cancel_and_destroy_agree() {
    constexpr int rounds = 300;
    for (int round = 0; round < rounds; ++round) {
      cancellation_source root;
      std::optional<cancellation_source> middle(std::in_place, root.get_token());
      cancellation_source stays(root.get_token());
      cancellation_source leaf(middle->get_token());
      pawl::atomic<int> calls{0};
      const function_node node(leaf.get_stop_token(),
                               [&] { calls.fetch_add(1, pawl::memory_order_relaxed); });
      pawl::thread top([&] {
        root.request_stop();
        CPPUNIT_ASSERT(leaf.stop_requested() && stays.stop_requested());
      });
      pawl::thread middles([&] {
        cancellation_source own(stays.get_token());
        const cancellation_source below(own.get_token());
        stays.request_stop();
        CPPUNIT_ASSERT(below.stop_requested());
      });
      pawl::thread destroyer([&] { middle.reset(); });
      top.join();
      middles.join();
      destroyer.join();
      CPPUNIT_ASSERT_EQUAL(1, calls.load(pawl::memory_order_relaxed));
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(cancellation_source_test);

}  // namespace

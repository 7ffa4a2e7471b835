#include <pawl/backend/backend.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <optional>

namespace {

std::optional<int> one_more_of_few(int v) { return v < 10 ? std::optional(v + 1) : std::nullopt; }

class update_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(update_test);
  CPPUNIT_TEST(update_replaces_or_leaves_alone);
  CPPUNIT_TEST(attempt_replaces_or_leaves_alone);
  CPPUNIT_TEST(no_update_is_lost);
  CPPUNIT_TEST(pushes_make_a_list);
  CPPUNIT_TEST_SUITE_END();

  void update_replaces_or_leaves_alone() {
    pawl::atomic<int> value{9};
    int before = 0;
    CPPUNIT_ASSERT(pawl::update(value, before, one_more_of_few, pawl::memory_order_acq_rel,
                                pawl::memory_order_relaxed));
    CPPUNIT_ASSERT_EQUAL(9, before);
    CPPUNIT_ASSERT(!pawl::update(value, before, one_more_of_few, pawl::memory_order_acq_rel,
                                 pawl::memory_order_relaxed));
    CPPUNIT_ASSERT_EQUAL(10, before);
    CPPUNIT_ASSERT_EQUAL(10, value.load(pawl::memory_order_relaxed));
  }

  void attempt_replaces_or_leaves_alone() {
    pawl::atomic<int> value{9};
    const auto is_few = [](int v) { return v < 10; };
    const auto one_more = [](int v) { return v + 1; };
    CPPUNIT_ASSERT(pawl::attempt(value, is_few, one_more, pawl::memory_order_acquire));
    CPPUNIT_ASSERT(!pawl::attempt(value, is_few, one_more, pawl::memory_order_acquire));
    CPPUNIT_ASSERT_EQUAL(10, value.load(pawl::memory_order_relaxed));
  }

  void no_update_is_lost() {
    constexpr int rounds = 20000;
    pawl::atomic<int> value{0};
    const auto add = [&] {
      int before = 0;
      for (int i = 0; i < rounds; ++i)
        pawl::update(
            value, before, [](int v) { return std::optional(v + 1); }, pawl::memory_order_relaxed,
            pawl::memory_order_relaxed);
    };
    pawl::thread other(add);
    add();
    other.join();
    CPPUNIT_ASSERT_EQUAL(2 * rounds, value.load(pawl::memory_order_relaxed));
  }

  void pushes_make_a_list() {
    struct node {
      pawl::cell<node*> below{nullptr};
    };
    constexpr int each = 1000;
    static node nodes[2 * each];
    pawl::atomic<node*> top{nullptr};
    const auto push_all = [&](node* first) {
      for (node* n = first; n != first + each; ++n)
        pawl::push(
            top, n->below, [](node* t) { return t; }, [n](node*) { return n; },
            pawl::memory_order_release);
    };
    pawl::thread other([&] { push_all(nodes); });
    push_all(nodes + each);
    other.join();
    int length = 0;
    for (node* n = top.load(pawl::memory_order_acquire); n != nullptr; n = n->below.read())
      ++length;
    CPPUNIT_ASSERT_EQUAL(2 * each, length);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(update_test);

}  // namespace

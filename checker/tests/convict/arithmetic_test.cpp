// The arithmetic of atomics in the model is that of std::atomic, whatever the type.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>

#include <cstdint>
#include <limits>
#include <vector>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

template <class A>
concept adds = requires(A& a, typename A::value_type v) { a.fetch_add(v); };
template <class A>
concept moves = requires(A& a) { a.fetch_add(1); };
template <class A>
concept masks = requires(A& a, typename A::value_type v) {
  a.fetch_or(v);
  a.fetch_and(v);
  a.fetch_xor(v);
};
enum class colour : std::uint8_t { red };

static_assert(adds<atomic<int>> && masks<atomic<int>>);
static_assert(adds<atomic<double>> && adds<atomic<float>> && !masks<atomic<double>>);
static_assert(!adds<atomic<bool>> && !masks<atomic<bool>>);
static_assert(!adds<atomic<colour>> && !masks<atomic<colour>>);
static_assert(moves<atomic<int*>> && !masks<atomic<int*>> && !moves<atomic<void*>>);

class arithmetic_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(arithmetic_test);
  CPPUNIT_TEST(integers_wrap_round);
  CPPUNIT_TEST(fractions);
  CPPUNIT_TEST(pointers_move_by_objects);
  CPPUNIT_TEST(a_sum_is_one_event);
  CPPUNIT_TEST_SUITE_END();

 public:
  void integers_wrap_round() {
    acquit([] {
      atomic<std::int8_t> small{127};
      require(small.fetch_add(2) == 127 && small.load() == -127);
      require(small.fetch_sub(3) == -127 && small.load() == 126);
      atomic<std::uint16_t> bits{0xf0f0};
      require(bits.fetch_and(0xff00) == 0xf0f0 && bits.fetch_or(1) == 0xf000);
      require(bits.fetch_xor(0xffff) == 0xf001 && bits.load() == 0x0ffe);
    });
  }

  void fractions() {
    acquit([] {
      atomic<double> x{1.5};
      require(x.fetch_add(2.25) == 1.5 && x.load() == 3.75);
      require(x.fetch_sub(4.0) == 3.75 && x.load() == -0.25);
      atomic<float> y{0.5f};
      require(y.fetch_add(0.25f) == 0.5f && y.fetch_sub(1.0f) == 0.75f && y.load() == -0.25f);
      atomic<double> large{std::numeric_limits<double>::max()};
      require(large.fetch_add(large.load()) > 0 &&
              large.load() == std::numeric_limits<double>::infinity());
    });
  }

  void pointers_move_by_objects() {
    acquit([] {
      std::uint64_t values[4] = {};
      atomic<std::uint64_t*> at{values};
      require(at.fetch_add(3) == values && at.load() == values + 3);
      require(at.fetch_add(-1) == values + 3 && at.fetch_sub(2) == values + 2);
      require(at.load() == values);
    });
  }

  // n threads with one each have n! orders, as with integers; nothing else is an event.
  template <class T>
  static void count_orders(unsigned threads, std::uint64_t orders) {
    for (const bool unblocking : {true, false}) {
      const report r = explore(
          [=] {
            atomic<T> sum{T(0)};
            {
              std::vector<thread> adding;
              for (unsigned i = 0; i < threads; ++i)
                adding.emplace_back([&] { sum.fetch_add(T(0.5)); });
              for (thread& t : adding) t.join();
            }
            require(sum.load() == T(0.5) * T(threads), "all are added");
          },
          {.unblocking = unblocking});
      CPPUNIT_ASSERT(r.verdict == verdict::clean);
      CPPUNIT_ASSERT_EQUAL(orders, r.complete);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, r.blocked);
    }
  }

  void a_sum_is_one_event() {
    count_orders<double>(3, 6);
    count_orders<float>(4, 24);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(arithmetic_test);

}  // namespace
}  // namespace pawl::check::tests

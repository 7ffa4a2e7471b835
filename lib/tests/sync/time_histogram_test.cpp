#include <pawl/sync/time_histogram.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstdint>
#include <vector>

using namespace std::chrono_literals;

namespace {

using pawl::detail::time_histogram;

class time_histogram_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(time_histogram_test);
  CPPUNIT_TEST(is_empty_at_first);
  CPPUNIT_TEST(buckets_follow_one_another);
  CPPUNIT_TEST(buckets_are_an_eighth_wide);
  CPPUNIT_TEST(percentiles_are_near_the_exact_ones);
  CPPUNIT_TEST(one_in_a_thousand_is_the_last_percentile);
  CPPUNIT_TEST(what_is_too_long_is_the_longest);
  CPPUNIT_TEST(what_is_negative_is_nothing);
  CPPUNIT_TEST(clears);
  CPPUNIT_TEST_SUITE_END();

  time_histogram times_;

  void is_empty_at_first() { CPPUNIT_ASSERT(times_.summary() == pawl::time_summary{}); }

  void buckets_follow_one_another() {
    for (std::size_t i = 0; i + 1 < time_histogram::buckets; ++i) {
      const std::uint64_t longest = time_histogram::longest_of(i);
      CPPUNIT_ASSERT_EQUAL(i, time_histogram::bucket_of(longest));
      CPPUNIT_ASSERT_EQUAL(i + 1, time_histogram::bucket_of(longest + 1));
    }
  }

  void buckets_are_an_eighth_wide() {
    for (std::size_t i = 9; i + 1 < time_histogram::buckets; ++i) {
      const std::uint64_t first = time_histogram::longest_of(i - 1) + 1;
      CPPUNIT_ASSERT(time_histogram::longest_of(i) - first < (first + 7) / 8);
    }
  }

  void percentiles_are_near_the_exact_ones() {
    std::vector<std::uint64_t> samples;
    std::uint64_t x = 1;
    for (int i = 0; i < 5000; ++i) {
      x = x * 6364136223846793005U + 1442695040888963407U;
      samples.push_back((x >> 33) % 1'000'000);
      times_.record(std::chrono::nanoseconds(samples.back()));
    }
    std::ranges::sort(samples);
    const auto all = times_.summary();
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5000}, all.count);
    const auto near = [](std::uint64_t exact, std::chrono::nanoseconds told) {
      const auto t = static_cast<std::uint64_t>(told.count());
      return t >= exact && t - exact <= exact / 8;
    };
    CPPUNIT_ASSERT(near(samples[4749], all.p95) && near(samples[4994], all.p999));
    CPPUNIT_ASSERT_EQUAL(samples.back(), static_cast<std::uint64_t>(all.max.count()));
  }

  void one_in_a_thousand_is_the_last_percentile() {
    for (int i = 0; i < 999; ++i) times_.record(1ns);
    times_.record(1s);
    CPPUNIT_ASSERT(times_.summary().p999 == 1ns && times_.summary().max == 1s);
    times_.record(1s);
    CPPUNIT_ASSERT(times_.summary().p95 == 1ns && times_.summary().p999 == 1s);
  }

  void what_is_too_long_is_the_longest() {
    times_.record(240h);
    CPPUNIT_ASSERT(times_.summary().max == 240h && times_.summary().p95 == 240h);
    CPPUNIT_ASSERT(times_.summary().total == 240h);
  }

  void what_is_negative_is_nothing() {
    times_.record(-1s);
    CPPUNIT_ASSERT(times_.summary().count == 1 && times_.summary().total == 0ns);
  }

  void clears() {
    times_.record(5us);
    times_.clear();
    CPPUNIT_ASSERT(times_.summary() == pawl::time_summary{});
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(time_histogram_test);

}  // namespace

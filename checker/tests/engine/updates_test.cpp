// An update is one event in the model, and a loop elsewhere: nothing comes of the loop that does
// not come of the event, and the other way round.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <optional>
#include <set>

#include "sample_programs.hpp"

namespace pawl::check::tests {
namespace {

struct as_event {
  template <class Change>
  static bool update(atomic<int>& a, int& before, Change change, memory_order success,
                     memory_order failure) {
    return pawl::update(a, before, change, success, failure).has_value();
  }
};

// As in pawl/backend/retry.hpp.
struct as_loop {
  template <class Change>
  static bool update(atomic<int>& a, int& before, Change change, memory_order success,
                     memory_order failure) {
    before = a.load(failure);
    while (const auto after = change(before))
      if (a.compare_exchange_strong(before, *after, success, failure)) return true;
    return false;
  }
};

// What an execution ends with, in four digits to the base of 8: of each thread what it has read
// of x and whether it has replaced that, and what it has seen of what the other wrote before.
template <class How>
int run(memory_order success, memory_order failure) {
  atomic<int> x{0}, before_x[2]{0, 0};
  int ends[2] = {0, 0}, seen[2] = {0, 0};
  on_threads(3, [&](std::size_t i) {
    if (i == 2) return x.store(2, memory_order_relaxed);
    before_x[i].store(1, memory_order_relaxed);
    int before = 0;
    const auto change = [](int v) { return v < 3 ? std::optional(v + 2) : std::nullopt; };
    const bool done = How::update(x, before, change, success, failure);
    ends[i] = std::min(before, 3) * 2 + (done ? 1 : 0);
    seen[i] = before_x[1 - i].load(memory_order_relaxed);
  });
  return (ends[0] * 8 + ends[1]) * 4 + seen[0] * 2 + seen[1];
}

template <class How>
std::set<int> outcomes(memory_model m, memory_order success, memory_order failure) {
  std::set<int> out;
  for (int end = 0; end < 256; ++end) {
    const report r = explore([=] { require(run<How>(success, failure) != end); },
                             {.memory_model = m, .snapshots = snapshot_use::always});
    if (!r.ok()) out.insert(end);
  }
  return out;
}

class updates_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(updates_test);
  CPPUNIT_TEST(come_to_what_loops_come_to);
  CPPUNIT_TEST_SUITE_END();

 public:
  void come_to_what_loops_come_to() {
    for (const memory_model m : models)
      for (const auto& [success, failure] : {std::pair{memory_order_acq_rel, memory_order_relaxed},
                                             std::pair{memory_order_release, memory_order_acquire},
                                             std::pair{memory_order_relaxed, memory_order_relaxed}})
        CPPUNIT_ASSERT_MESSAGE(
            std::string(to_string(m)),
            outcomes<as_event>(m, success, failure) == outcomes<as_loop>(m, success, failure));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(updates_test);

}  // namespace
}  // namespace pawl::check::tests

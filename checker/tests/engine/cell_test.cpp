// What shadow memory knows of eight bytes, against a list of everything that happened to them.
#include "frontend/instrumented/cell.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "random_runs.hpp"

namespace pawl::check::tests {
namespace {

using namespace instrumented;

// Threads with vector clocks: events, some of which take over what another thread knows, and plain
// accesses between them.
class history {
 public:
  history(std::uint64_t seed, std::uint32_t run, further_pool& further)
      : random_(seed),
        further_(further),
        run_(run),
        threads_(2 + draw(7)),
        reads_(5 + draw(90)),
        allocated_(draw(2) == 0 ? 8 : 1 + draw(8)) {
    cell_.begin(run, 0);
    clocks_.resize(threads_);
  }

  // Returns: what differs, or nothing.
  std::string go_on(unsigned steps) {
    for (unsigned i = 0; i < steps && !ended_; ++i) {
      const auto t = static_cast<engine::thread_index>(draw(threads_));
      if (draw(100) < 30) {
        event(t);
      } else if (std::string wrong = step(t, draw_access(t)); !wrong.empty()) {
        return wrong;
      }
    }
    return {};
  }

 private:
  using clocks = std::array<engine::clock_value, rt::max_threads>;

  unsigned draw(unsigned n) { return static_cast<unsigned>(random_() % n); }

  void event(engine::thread_index t) {
    clocks& own = clocks_[t];
    if (draw(2) == 0) {
      const clocks& from = clocks_[draw(threads_)];
      std::ranges::transform(own, from, own.begin(), [](auto a, auto b) { return std::max(a, b); });
    }
    ++own[t];
  }

  access draw_access(engine::thread_index t) {
    const bool writes = draw(100) >= reads_, frees = writes && !freed_ && draw(20) == 0;
    freed_ |= frees;
    const bool whole = frees || draw(2) == 0;
    const unsigned first = whole ? 0 : draw(allocated_);
    const unsigned size = whole ? allocated_ : 1 + draw(allocated_ - first);
    const auto bytes = static_cast<std::uint8_t>(((1u << size) - 1) << first);
    return {nullptr, t, static_cast<std::uint32_t>(clocks_[t][t]), bytes, writes, frees};
  }

  // An access must be told if its bytes were freed, or another thread's access to them does not
  // happen before, unless both read.
  [[nodiscard]] bool conflicts(const access& former, const access& a) const {
    if ((former.bytes() & a.bytes()) == 0 || (!former.writes() && !a.writes())) return false;
    return former.frees() ||
           (former.thread() != a.thread() && clocks_[a.thread()][former.thread()] <= former.at());
  }

  std::string step(engine::thread_index t, access a) {
    const bool expected =
        std::ranges::any_of(all_, [&](const access& former) { return conflicts(former, a); });
    const access* const found = meet(a, clocks_[t].data());
    if (expected != (found != nullptr))
      return fmt::format("thread {} {} bytes {:08b} after {} accesses: {}", t,
                         a.writes() ? "writes" : "reads", a.bytes(), all_.size(),
                         expected ? "a conflict is missed" : "no conflict, but one is found");
    if (found != nullptr && !conflicts(*found, a)) return "the conflict is none";
    ended_ = expected;
    all_.push_back(a);
    return {};
  }

  // As shadow memory does it: the usual cases first, or not.
  const access* meet(access a, happened_before before) {
    if (draw(3) != 0 && cell_.is_small_in(run_) && cell_.repeat(a)) return nullptr;
    const auto note_usually = [&] {
      return cell_.count == 1 ? cell_.note_second(a, before) : cell_.note_among_few(a, before);
    };
    if (draw(3) == 0 && note_usually()) return nullptr;
    if (draw(3) != 0 && cell_.note_ordered(a, before, further_)) return nullptr;
    if (const access* const found = cell_.conflict(a, before, further_)) return found;
    if (a.frees() && a.bytes() == 0xff && cell_.is_all_before(a, before))
      cell_.know_only(a);
    else
      cell_.note(a, before, further_);
    return nullptr;
  }

  std::mt19937_64 random_;
  further_pool& further_;
  std::uint32_t run_;
  unsigned threads_, reads_, allocated_;  // Of 100 accesses, so many read; and bytes.
  cell cell_{};
  std::vector<clocks> clocks_;
  std::vector<access> all_;
  bool freed_ = false, ended_ = false;
};

class cell_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(cell_test);
  CPPUNIT_TEST(tells_what_conflicts);
  CPPUNIT_TEST(remembers_the_access_that_freed);
  CPPUNIT_TEST_SUITE_END();

 public:
  void tells_what_conflicts() {
    const std::uint64_t seed = from_environment("PAWL_SEED", std::random_device{}());
    const std::uint64_t n = from_environment("PAWL_AGREEMENT", 100000);
    fmt::print("histories of accesses: seeds {} to {}\n", seed, seed + n - 1);
    further_pool further;
    for (std::uint64_t i = 0; i < n; ++i) {
      history h(seed + i, static_cast<std::uint32_t>(i + 1), further);
      const std::string wrong = h.go_on(60);
      CPPUNIT_ASSERT_MESSAGE(fmt::format("PAWL_SEED={}: {}", seed + i, wrong), wrong.empty());
    }
  }

  void remembers_the_access_that_freed() {
    const std::array<engine::clock_value, rt::max_threads> before{};
    further_pool further;
    cell c{};
    c.begin(1, 0);
    c.note({nullptr, 0, 0, 0xff, true}, before.data(), further);
    c.note({nullptr, 0, 0, 0xff, true, true}, before.data(), further);
    const access later(nullptr, 0, 0, 0xff, false);
    CPPUNIT_ASSERT(!c.note_ordered(later, before.data(), further));
    const access* const found = c.conflict(later, before.data(), further);
    CPPUNIT_ASSERT(found != nullptr && found->frees());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(cell_test);

}  // namespace
}  // namespace pawl::check::tests

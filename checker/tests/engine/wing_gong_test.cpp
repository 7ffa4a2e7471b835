// The search for a sequential order against all permutations, on random histories of a queue.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/wing_gong.hpp"
#include "random_runs.hpp"

namespace pawl::check::tests {
namespace {

using engine::call_set;
using engine::only;
using engine::ordered_call;
using engine::unended;
using ending = rt::history_call::ending;
using part = rt::call_part;
using order = std::vector<engine::sequential_order::step>;

// Values, and calls that wait for some of them in turn.
struct queue final : rt::sequential_object {
  std::unique_ptr<sequential_object> clone() const override {
    return std::make_unique<queue>(*this);
  }
  bool equals(const sequential_object& o) const override {
    const auto& other = static_cast<const queue&>(o);
    return values == other.values && waiting == other.waiting;
  }
  std::deque<int> values;
  std::deque<std::uint32_t> waiting;
};

enum class kind : std::uint8_t { push, pop, take, take_in_turn };

struct call final : rt::history_call {
  call(kind k, int v)
      : history_call(k == kind::take_in_turn, k == kind::take_in_turn), does(k), value(v) {}

  bool apply(part p, rt::sequential_object& o) const override {
    auto& q = static_cast<queue&>(o);
    if (p == part::request) {
      q.waiting.push_back(number);
      return true;
    }
    if (p == part::cancellation) {
      std::erase(q.waiting, number);
      return true;
    }
    if (does == kind::push) {
      q.values.push_back(value);
      return true;
    }
    if (does == kind::pop && q.values.empty()) return value == nothing;
    if (q.values.empty() || (ended == ending::returned && q.values.front() != value)) return false;
    if (does == kind::take_in_turn) {
      if (q.waiting.front() != number) return false;
      q.waiting.pop_front();
    }
    q.values.pop_front();
    return true;
  }
  std::string text() const override {
    constexpr std::array names{"push", "pop", "take", "take_in_turn"};
    return fmt::format("{}({}) {}", names[static_cast<std::size_t>(does)], value,
                       static_cast<int>(ended));
  }

  static constexpr int nothing = 0;
  kind does;
  int value;
};

struct calls {
  std::vector<std::unique_ptr<call>> all;
  std::vector<ordered_call> ordered;
  unended rule = unended::may;

  std::string text() const {
    std::string out;
    for (const ordered_call& c : ordered)
      out += fmt::format("\n  {} after {:#b} requests {:#b}", c.what->text(), c.after, c.requests);
    return out;
  }
};

calls random_calls(std::mt19937_64& random) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  calls out;
  out.rule = below(2) == 0 ? unended::may : unended::wait;
  unsigned parts = 0;
  for (std::uint32_t i = 0; i < 5 && parts < 5; ++i) {
    const auto k = static_cast<kind>(below(4));
    auto& c = *out.all.emplace_back(std::make_unique<call>(k, static_cast<int>(below(3))));
    c.number = i;
    const unsigned e = below(6);
    c.ended = e == 0 ? ending::none : e == 1 ? ending::cancelled : ending::returned;
    parts += c.has_request ? 3 : 1;
    ordered_call o{.what = &c};
    for (std::uint32_t j = 0; j < i; ++j) {
      if (out.all[j]->ended != ending::none && below(3) == 0) o.after |= only(j);
      if (out.all[j]->has_request && below(4) == 0) o.requests |= only(j);
    }
    out.ordered.push_back(o);
  }
  return out;
}

bool has_effect(const rt::history_call& c) { return c.has_request || c.ended != ending::cancelled; }

bool contains(const order& o, std::size_t end, unsigned call, part p) {
  return std::any_of(o.begin(), o.begin() + static_cast<std::ptrdiff_t>(end),
                     [&](auto s) { return s.call == call && s.part == p; });
}

bool is_done(const order& o, std::size_t end, unsigned call) {
  return contains(o, end, call, part::effect) || contains(o, end, call, part::cancellation);
}

// Straight from what the search claims of an order that it has found.
bool is_explanation(const calls& c, const order& o) {
  queue state;
  for (std::size_t at = 0; at < o.size(); ++at) {
    const ordered_call& now = c.ordered[o[at].call];
    if (o[at].part != part::request &&
        (is_done(o, at, o[at].call) ||
         (now.what->has_request && !contains(o, at, o[at].call, part::request))))
      return false;
    for (unsigned i = 0; i < c.ordered.size(); ++i) {
      if ((now.after & only(i)) != 0 && has_effect(*c.ordered[i].what) && !is_done(o, at, i))
        return false;
      if ((now.requests & only(i)) != 0 && !contains(o, at, i, part::request)) return false;
    }
    if (!now.what->apply(o[at].part, state)) return false;
  }
  for (unsigned i = 0; i < c.ordered.size(); ++i) {
    const rt::history_call& each = *c.ordered[i].what;
    if (each.ended != ending::none) {
      const part last = each.ended == ending::cancelled ? part::cancellation : part::effect;
      if (has_effect(each) && !contains(o, o.size(), i, last)) return false;
    } else if (c.rule == unended::wait) {
      if (is_done(o, o.size(), i) || (each.has_request && !contains(o, o.size(), i, part::request)))
        return false;
      queue last = state;
      if (each.apply(part::effect, last)) return false;
    }
  }
  return true;
}

// Every selection of parts in every order.
bool is_explained_by_any(const calls& c) {
  order all;
  for (unsigned i = 0; i < c.ordered.size(); ++i) {
    if (!has_effect(*c.ordered[i].what)) continue;
    all.push_back({i, part::effect});
    if (!c.ordered[i].what->has_request) continue;
    all.push_back({i, part::request});
    all.push_back({i, part::cancellation});
  }
  const auto before = [](auto a, auto b) {
    return a.call != b.call ? a.call < b.call : a.part < b.part;
  };
  std::sort(all.begin(), all.end(), before);
  for (unsigned selection = 0; selection < 1u << all.size(); ++selection) {
    order o;
    for (std::size_t i = 0; i < all.size(); ++i)
      if ((selection >> i & 1) != 0) o.push_back(all[i]);
    do {
      if (is_explanation(c, o)) return true;
    } while (std::next_permutation(o.begin(), o.end(), before));
  }
  return false;
}

class wing_gong_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(wing_gong_test);
  CPPUNIT_TEST(agrees_with_all_permutations);
  CPPUNIT_TEST(no_state_is_looked_at_twice);
  CPPUNIT_TEST_SUITE_END();

 public:
  void agrees_with_all_permutations() {
    const std::uint64_t seed = from_environment("PAWL_SEED", std::random_device{}());
    const std::uint64_t n = from_environment("PAWL_AGREEMENT", 3000);
    fmt::print("histories: seeds {} to {}\n", seed, seed + n - 1);
    unsigned found = 0;
    for (std::uint64_t s = seed; s < seed + n; ++s) {
      std::mt19937_64 random(s);
      const calls c = random_calls(random);
      const auto answer = find_sequential_order(queue{}, c.ordered, c.rule);
      found += answer.found ? 1 : 0;
      const std::string context = fmt::format("PAWL_SEED={}{}", s, c.text());
      CPPUNIT_ASSERT_EQUAL_MESSAGE(context, is_explained_by_any(c), answer.found);
      CPPUNIT_ASSERT_MESSAGE(context, !answer.found || is_explanation(c, answer.steps));
    }
    CPPUNIT_ASSERT(n < 100 || (found > n / 20 && found < n - n / 20));
  }

  // 2^14 sets of calls, each of one state, and a last call that fits nowhere: without memory, 14!
  // orders.
  void no_state_is_looked_at_twice() {
    constexpr std::uint32_t n = 14;
    calls c;
    for (std::uint32_t i = 0; i <= n; ++i) {
      auto& each = *c.all.emplace_back(std::make_unique<call>(i < n ? kind::push : kind::pop, 1));
      each.ended = ending::returned;
      each.number = i;
      if (i == n) each.value = 2;
      c.ordered.push_back({.what = &each});
    }
    CPPUNIT_ASSERT(!find_sequential_order(queue{}, c.ordered, unended::may).found);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(wing_gong_test);

}  // namespace
}  // namespace pawl::check::tests

// What a ledger knows, beside a list.

#include <pawl/sync/obligation_ledger.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "property.hpp"

namespace {

using pawl::obligation_id;
using pawl::obligation_ledger;
using pawl::obligation_record;
using kind = pawl::obligation_kind;
using state = pawl::obligation_state;

constexpr std::size_t most_history = 4;

struct counter final : pawl::leak_observer {
  std::size_t told = 0;
  void leaked(const obligation_record&) noexcept override { ++told; }
};

// What one step does: reserves, resolves the n-th one ever reserved, or all of a kind.
enum class verb : std::uint8_t { reserve, commit, abort, leak, abort_kind, check_leaks };
struct step {
  verb does;
  std::size_t which;
};

// All that was ever reserved, in order.
struct reference {
  struct entry {
    obligation_id id;
    pawl::obligation_kind kind;
    state now;
  };
  std::vector<entry> all;
  std::vector<obligation_id> resolved;

  bool resolve(entry& e, state to) {
    if (e.now != state::reserved) return false;
    e.now = to;
    resolved.push_back(e.id);
    return true;
  }
  std::size_t resolve(kind of, state to) {
    std::size_t n = 0;
    for (entry& e : all) n += e.kind == of && resolve(e, to) ? 1 : 0;
    return n;
  }
  [[nodiscard]] std::size_t count(kind of, state in) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [&](const entry& e) { return e.kind == of && e.now == in; }));
  }
};

kind nth_kind(std::size_t n) { return static_cast<kind>(n % pawl::obligation_kinds); }

void take(const step& s, obligation_ledger& ledger, reference& expected) {
  if (s.does == verb::reserve) {
    const kind of = nth_kind(s.which);
    expected.all.push_back({ledger.reserve(of).detach(), of, state::reserved});
  } else if (s.does == verb::abort_kind) {
    const kind of = nth_kind(s.which);
    RC_ASSERT(ledger.abort_pending({.kind = of}) == expected.resolve(of, state::aborted));
  } else if (s.does == verb::check_leaks) {
    const kind of = nth_kind(s.which);
    RC_ASSERT(ledger.check_leaks({.kind = of}) == expected.resolve(of, state::leaked));
  } else if (!expected.all.empty()) {
    auto& e = expected.all[s.which % expected.all.size()];
    if (s.does == verb::commit) {
      RC_ASSERT(ledger.try_commit(e.id) == expected.resolve(e, state::committed));
    } else if (s.does == verb::abort) {
      RC_ASSERT(ledger.try_abort(e.id) == expected.resolve(e, state::aborted));
    } else {
      RC_ASSERT(ledger.mark_leaked(e.id) == expected.resolve(e, state::leaked));
    }
  }
}

void compare(const obligation_ledger& ledger, const reference& expected) {
  for (unsigned n = 0; n < pawl::obligation_kinds; ++n) {
    const kind of = nth_kind(n);
    const auto now = ledger.stats(of);
    RC_ASSERT(now.committed == expected.count(of, state::committed));
    RC_ASSERT(now.aborted == expected.count(of, state::aborted));
    RC_ASSERT(now.leaked == expected.count(of, state::leaked));
    RC_ASSERT(now.pending() == expected.count(of, state::reserved));
    RC_ASSERT(ledger.count_pending({.kind = of}) == now.pending());
  }
  std::vector<obligation_id> latest;
  for (const obligation_record& r : ledger.history()) latest.push_back(r.id);
  const std::size_t n = std::min(most_history, expected.resolved.size());
  RC_ASSERT(latest ==
            std::vector<obligation_id>(expected.resolved.end() - static_cast<std::ptrdiff_t>(n),
                                       expected.resolved.end()));
}

const property p("obligation.ledger", "it counts, keeps and tells what a list does", 2000, [] {
  const auto steps = *rc::gen::container<std::vector<std::pair<unsigned, std::size_t>>>(
      rc::gen::pair(rc::gen::inRange(0u, 9u), rc::gen::inRange<std::size_t>(0, 20)));
  counter leaks;
  std::size_t leaked = 0;
  {
    obligation_ledger ledger(&leaks, most_history);
    reference expected;
    for (const auto& [does, which] : steps) {
      // Most steps reserve or resolve one.
      const unsigned n = does < 6 ? does : does % 2 == 0 ? 0 : 1;
      take({static_cast<verb>(n), which}, ledger, expected);
      compare(ledger, expected);
    }
    for (unsigned n = 0; n < pawl::obligation_kinds; ++n) {
      leaked += expected.count(nth_kind(n), state::leaked);
      leaked += expected.count(nth_kind(n), state::reserved);
    }
  }
  RC_ASSERT(leaks.told == leaked);
});

}  // namespace

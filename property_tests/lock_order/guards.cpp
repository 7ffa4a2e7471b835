// Guards of ordered locks that are moved, narrowed, changed and handed over: whose locks the books
// say they are, beside a list.

#include <pawl/sync/ordered_shared_mutex.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ostream>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "../operations.hpp"
#include "property.hpp"

namespace {

using value = std::pair<int, int>;
using shared_mutex = pawl::ordered_shared_mutex<value>;
using pawl::lock_holder;

using reading = shared_mutex::shared_guard;
using upgradable = shared_mutex::upgrade_guard;
using writing = shared_mutex::guard;
using reading_part = decltype(std::declval<reading>().map(&value::first));
using writing_part = decltype(std::declval<writing>().map(&value::first));
using any_guard =
    std::variant<std::monostate, reading, upgradable, writing, reading_part, writing_part>;

namespace index_of {
enum : std::size_t { nothing, reading, upgradable, writing, reading_part, writing_part };
}

constexpr std::size_t locks = 2, slots = 4;
constexpr std::array<std::string_view, locks> names{"first", "second"};

enum class verb {
  lock_shared,
  lock_upgrade,
  lock,
  unlock,
  forget,
  drop,
  move,
  map,
  downgrade,
  downgrade_to_upgradable,
  upgrade,
  hand_over,
  lock_again,
};
constexpr vocabulary<verb, 13> words{{
    {verb::lock_shared, "try_lock_shared", 5, true},
    {verb::lock_upgrade, "try_lock_upgrade", 4, true},
    {verb::lock, "try_lock", 5, true},
    {verb::unlock, "unlock", 3, true},
    {verb::forget, "forget", 1, true},
    {verb::drop, "drop", 2, true},
    {verb::move, "move", 5, true},
    {verb::map, "map", 3, true},
    {verb::downgrade, "downgrade", 2, true},
    {verb::downgrade_to_upgradable, "downgrade_to_upgradable", 2, true},
    {verb::upgrade, "try_upgrade", 3, true},
    {verb::hand_over, "hand_over", 3, true},
    {verb::lock_again, "lock_blocking, which recurs", 3, true},
}};

struct operation {
  using kind = verb;
  verb what;
  std::size_t which;  // of slots; with another bit or two, of locks, of slots, of holders

  [[nodiscard]] std::size_t slot() const { return which % slots; }
  [[nodiscard]] std::size_t more() const { return which / slots; }
};
void showValue(const operation& op, std::ostream& out) { show(op, words, out); }

class books {
 public:
  void step(const operation& op) {
    const std::size_t slot = op.slot();
    switch (op.what) {
      case verb::lock_shared:
        return take(op, [](shared_mutex& m) { return m.try_lock_shared(); });
      case verb::lock_upgrade:
        return take(op, [](shared_mutex& m) { return m.try_lock_upgrade(); });
      case verb::lock:
        return take(op, [](shared_mutex& m) { return m.try_lock(); });
      case verb::unlock:
        return replace(slot, [&](auto& g) -> any_guard {
          g.unlock();
          end(slot);
          compare();
          return {};
        });
      case verb::forget:
        return replace(slot, [&](auto& g) -> any_guard {
          std::move(g).forget();
          force_unlock(*find(slot));
          end(slot);
          compare();
          return {};
        });
      case verb::drop:
        return replace(slot, [](auto&) { return any_guard(); });
      case verb::move:
        return move(slot, op.more() % slots);
      case verb::map:
        return replace(slot, []<class Guard>(Guard& g) -> any_guard {
          if constexpr (std::is_same_v<Guard, reading> || std::is_same_v<Guard, writing>)
            return std::move(g).map(&value::first);
          return std::move(g);
        });
      case verb::downgrade:
        return replace(slot, [](auto& g) -> any_guard {
          if constexpr (requires { std::move(g).downgrade(); }) return std::move(g).downgrade();
          return std::move(g);
        });
      case verb::downgrade_to_upgradable:
        return replace(slot, [](auto& g) -> any_guard {
          if constexpr (requires { std::move(g).downgrade_to_upgradable(); })
            return std::move(g).downgrade_to_upgradable();
          return std::move(g);
        });
      case verb::upgrade:
        return replace(slot, [](auto& g) -> any_guard {
          if constexpr (requires { g.try_upgrade(); }) {
            if (auto alone = g.try_upgrade()) return *std::move(alone);
          }
          return std::move(g);
        });
      case verb::hand_over:
        return replace(slot, [&](auto& g) -> any_guard {
          entry& e = *find(slot);
          e.is_mine = op.more() % 2 == 0;
          g.hand_over(e.is_mine ? me_ : lock_holder());
          return std::move(g);
        });
      case verb::lock_again:
        return lock_again(op.more() % locks);
    }
  }

  void compare() const {
    RC_ASSERT(order_.held_by(me_) == held(true));
    RC_ASSERT(order_.held_by({}) == held(false));
    for (std::size_t n = 0; n != locks; ++n) {
      const auto is_held = [n](const entry& e) { return e.lock == n; };
      const auto is_written = [&](const entry& e) { return is_held(e) && writes(e); };
      RC_ASSERT(all_[n].is_locked() == std::ranges::any_of(expected_, is_held));
      RC_ASSERT(all_[n].is_locked_exclusively() == std::ranges::any_of(expected_, is_written));
    }
  }

 private:
  // What there should be in the books. Its kind is that of the guard.
  struct entry {
    std::size_t slot, lock, kind;
    bool is_mine;
  };
  static bool writes(const entry& e) {
    return e.kind == index_of::writing || e.kind == index_of::writing_part;
  }

  template <class Lock>
  void take(const operation& op, Lock lock) {
    any_guard& guard = slots_[op.slot()];
    if (guard.index() != 0) return;
    const std::size_t which = op.more() % locks;
    if (auto granted = lock(all_[which])) {
      guard = *std::move(granted);
      expected_.push_back({op.slot(), which, guard.index(), true});
    }
  }

  // Effects: the guard in the slot, if there is one, becomes what f makes of it.
  template <class F>
  void replace(std::size_t slot, F f) {
    any_guard before = std::exchange(slots_[slot], {});
    slots_[slot] = std::visit(
        [&]<class Guard>(Guard& g) -> any_guard {
          if constexpr (std::is_same_v<Guard, std::monostate>)
            return {};
          else
            return f(g);
        },
        before);
    if (slots_[slot].index() == 0)
      end(slot);
    else
      find(slot)->kind = slots_[slot].index();
  }

  void move(std::size_t from, std::size_t to) {
    if (from == to) return;
    slots_[to] = std::exchange(slots_[from], {});
    end(to);
    if (const auto moved = find(from); moved != expected_.end()) moved->slot = to;
  }

  // Effects: waits for a lock that the caller has, who is told so.
  void lock_again(std::size_t lock) {
    const auto is_own = [&](const entry& e) { return e.lock == lock && e.is_mine; };
    if (std::ranges::none_of(expected_, is_own)) return;
    try {
      (void)all_[lock].lock_blocking();
    } catch (const pawl::lock_order_violation&) {
      return;
    }
    RC_FAIL("waited for a lock that the caller has");
  }

  void force_unlock(const entry& e) {
    if (writes(e))
      all_[e.lock].force_unlock();
    else if (e.kind == index_of::upgradable)
      all_[e.lock].force_unlock_upgrade();
    else
      all_[e.lock].force_unlock_shared();
  }

  std::vector<entry>::iterator find(std::size_t slot) {
    return std::ranges::find(expected_, slot, &entry::slot);
  }
  void end(std::size_t slot) {
    std::erase_if(expected_, [slot](const entry& e) { return e.slot == slot; });
  }
  std::vector<std::string_view> held(bool mine) const {
    std::vector<std::string_view> latest_first;
    for (const entry& e : expected_) {
      if (e.is_mine == mine) latest_first.insert(latest_first.begin(), names[e.lock]);
    }
    return latest_first;
  }

  const lock_holder me_ = lock_holder::this_thread();
  pawl::lock_order order_;
  const pawl::lock_kind first_{order_, names[0]}, second_{order_, names[1]};
  shared_mutex all_[locks]{shared_mutex(first_), shared_mutex(second_)};
  std::array<any_guard, slots> slots_;
  std::vector<entry> expected_;  // in the order of the grants
};

const property p("lock_order.guards", "what a guard becomes stays in the books in its place", 3000,
                 [] {
                   const auto any_step =
                       rc::gen::apply([](verb v, std::size_t which) { return operation{v, which}; },
                                      any_kind(words), rc::gen::inRange<std::size_t>(0, 4 * slots));
                   const auto program = *rc::gen::container<std::vector<operation>>(
                       rc::gen::resize(rc::kNominalSize, any_step));
                   books both;
                   for (const operation& op : program) {
                     both.step(op);
                     both.compare();
                   }
                 });

}  // namespace

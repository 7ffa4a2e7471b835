#include "random_program.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace pawl::oracle {
namespace {

constexpr memory_order load_orders[] = {memory_order::relaxed, memory_order::acquire,
                                        memory_order::seq_cst};
constexpr memory_order store_orders[] = {memory_order::relaxed, memory_order::release,
                                         memory_order::seq_cst};
constexpr memory_order update_orders[] = {memory_order::relaxed, memory_order::acquire,
                                          memory_order::release, memory_order::acq_rel,
                                          memory_order::seq_cst};

/// The orders that the operation may have.
std::span<const memory_order> orders_of(op kind) {
  switch (kind) {
    case op::load:
    case op::await:
      return load_orders;
    case op::store:
      return store_orders;
    case op::fence:
      return std::span(update_orders).subspan(1);
    default:
      return update_orders;
  }
}

/// Draws everything a program consists of from one seed (splitmix64).
class dice {
 public:
  explicit dice(std::uint64_t seed) : state_(seed) {}

  /// A number from 0 to n - 1.
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }

  bool one_in(int n) { return below(n) == 0; }

  template <class T>
  T one_of(std::span<const T> choices) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(choices.size())))];
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

/// Draws the operations of one program. What they have in common is drawn first: with few locations
/// the threads meet, and with many relaxed loads and stores they meet weakly.
class author {
 public:
  author(dice& d, const shape& s)
      : dice_(d),
        locations_(std::min(s.locations, d.one_in(2) ? 2 : 1 + d.below(s.locations))),
        updates_(!s.stores || !d.one_in(3)),
        awaits_(s.awaits && (!s.stores || d.one_in(3))),
        stores_(s.stores),
        mostly_relaxed_(d.one_in(2)) {}

  /// An operation to follow `before`. It uses only registers that these have read into.
  operation next(const thread& before) {
    operation o;
    o.kind = kind(before.empty());
    if (accesses(o)) o.location = dice_.below(locations_);
    if (reads(o)) o.result = dice_.below(registers);
    if (o.kind != op::skip_if) o.order = order(o.kind);
    switch (o.kind) {
      case op::store:
        o.operand = some_value();
        if (dice_.one_in(3)) o.addend = register_read(before);
        break;
      case op::fetch_add:
      case op::exchange:
        o.operand = some_value();
        break;
      case op::cas:
        o.expected = dice_.below(2);
        o.operand = some_value();
        o.failure_order = order(op::load);
        break;
      case op::await_rmw:
        o.operand = some_value();
        [[fallthrough]];
      case op::await:
        draw_test(o);
        break;
      case op::skip_if:
        o.result = std::max(register_read(before), 0);
        o.skip = 1 + dice_.below(2);
        draw_test(o);
        break;
      case op::load:
      case op::fence:
        break;
    }
    return o;
  }

 private:
  static constexpr int registers = 3;

  op kind(bool first_of_thread) {
    // Repetitions are weights.
    constexpr op basic[] = {op::load,  op::load,  op::load,  op::load,  op::load,  op::store,
                            op::store, op::store, op::store, op::store, op::fence, op::fence};
    constexpr op reading[] = {op::load, op::load, op::fence};
    constexpr op updating[] = {op::fetch_add, op::cas, op::cas, op::exchange};
    constexpr op waiting[] = {op::await, op::await, op::await_rmw};
    if (updates_ && dice_.one_in(stores_ ? 4 : 2))
      return dice_.one_of(std::span<const op>(updating));
    if (awaits_ && dice_.one_in(5)) return dice_.one_of(std::span<const op>(waiting));
    if (!first_of_thread && dice_.one_in(16)) return op::skip_if;
    return dice_.one_of(stores_ ? std::span<const op>(basic) : std::span<const op>(reading));
  }

  memory_order order(op kind) {
    const auto orders = orders_of(kind);
    return mostly_relaxed_ && !dice_.one_in(3) ? orders.front() : dice_.one_of(orders);
  }

  /// A register that one of the operations before has set, or -1.
  int register_read(const thread& before) {
    if (before.empty()) return -1;
    const operation& o =
        before[static_cast<std::size_t>(dice_.below(static_cast<int>(before.size())))];
    return reads(o) ? o.result : -1;
  }

  void draw_test(operation& o) {
    o.expected = dice_.below(2);
    o.test = dice_.one_in(2) ? comparison::equal : comparison::not_equal;
  }

  value some_value() { return 1 + dice_.below(2); }

  dice& dice_;
  int locations_;
  bool updates_;
  bool awaits_;
  bool stores_;
  bool mostly_relaxed_;
};

/// Removes one operation; jumps over it become shorter.
program without_operation(program p, std::size_t t, std::size_t i) {
  thread& code = p.threads[t];
  for (std::size_t j = 0; j < i; ++j) {
    operation& o = code[j];
    if (o.kind == op::skip_if && j + static_cast<std::size_t>(o.skip) >= i) --o.skip;
  }
  code.erase(code.begin() + static_cast<std::ptrdiff_t>(i));
  return p;
}

/// The orders one step weaker for this kind of operation. A fence without effect is no step.
std::vector<memory_order> weaker(op kind, memory_order order) {
  using enum memory_order;
  switch (order) {
    case relaxed:
      return {};
    case consume:
    case acquire:
    case release:
      return kind == op::fence ? std::vector<memory_order>{} : std::vector{relaxed};
    case acq_rel:
      return {acquire, release};
    case seq_cst:
      return {kind == op::load || kind == op::await ? acquire
              : kind == op::store                   ? release
                                                    : acq_rel};
  }
  return {};
}

/// The program with accesses of its last location moved to the one before.
program merged_locations(program p) {
  const int last = p.locations() - 1;
  for (thread& code : p.threads) {
    for (operation& o : code) {
      if (accesses(o) && o.location == last) --o.location;
    }
  }
  return p;
}

}  // namespace

program random_program(std::uint64_t seed, const shape& s) {
  dice d(seed);
  author draw(d, s);
  program p;
  p.threads.resize(static_cast<std::size_t>(2 + d.below(s.threads - 1)));
  const int threads = static_cast<int>(p.threads.size());
  const int more = s.operations - threads + 1;
  const int operations = threads + std::max(d.below(more), d.below(more));
  for (int i = 0; i < operations; ++i) {
    // Every thread gets one operation first.
    thread& code = p.threads[static_cast<std::size_t>(i < threads ? i : d.below(threads))];
    code.push_back(draw.next(code));
  }
  return p;
}

std::vector<program> simpler(const program& p) {
  std::vector<program> programs;
  for (std::size_t t = 0; t < p.threads.size(); ++t) {
    program fewer = p;
    fewer.threads.erase(fewer.threads.begin() + static_cast<std::ptrdiff_t>(t));
    programs.push_back(std::move(fewer));
  }
  for (std::size_t t = 0; t < p.threads.size(); ++t) {
    for (std::size_t i = 0; i < p.threads[t].size(); ++i) {
      programs.push_back(without_operation(p, t, i));
    }
  }
  if (p.locations() > 1) programs.push_back(merged_locations(p));
  for (program& weak : weakenings(p)) programs.push_back(std::move(weak));
  return programs;
}

std::vector<program> weakenings(const program& p) {
  std::vector<program> programs;
  program copy = p;
  const auto add_weaker = [&](op kind, memory_order& order) {
    const memory_order strong = order;
    for (const memory_order weak : weaker(kind, strong)) {
      order = weak;
      programs.push_back(copy);
    }
    order = strong;
  };
  for (thread& code : copy.threads) {
    for (operation& o : code) {
      add_weaker(o.kind, o.order);
      if (o.kind == op::cas) add_weaker(op::load, o.failure_order);
    }
  }
  return programs;
}

rc::Gen<program> arbitrary_program(const shape& s) {
  return [s](const rc::Random& random, int /*size*/) {
    rc::Random source(random);
    return rc::shrinkable::shrinkRecur(random_program(source.next(), s), [](const program& p) {
      return rc::seq::fromContainer(simpler(p));
    });
  };
}

}  // namespace pawl::oracle

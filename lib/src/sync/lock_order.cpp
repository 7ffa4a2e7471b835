#include <pawl/sync/lock_order.hpp>

#include <pawl/backend/fault.hpp>

#include <bit>
#include <string>
#include <utility>

PAWL_BEGIN

namespace {

// A thread by a number of its own, since addresses are used again. 0: it has none yet.
struct holding_thread {
  std::uint64_t number = 0;
};

std::string quoted(const lock_kind& kind) {
  std::string text = '"' + std::string(kind.name()) + '"';
  if (kind.rank()) text += " (rank " + std::to_string(*kind.rank()) + ')';
  return text;
}

std::string text_of(lock_order_rule rule, const lock_kind& held, const lock_kind& wanted,
                    lock_holder who) {
  const std::string start = "lock order: ";
  switch (rule) {
    case lock_order_rule::rank:
      return start + quoted(wanted) + " is locked while " + quoted(held) + " is held, by " +
             who.name() + ": ranks have to rise";
    case lock_order_rule::cycle:
      return start + quoted(wanted) + " is locked while " + quoted(held) + " is held, by " +
             who.name() + ", which elsewhere come in another order; keep to one";
    case lock_order_rule::recursion:
      break;
  }
  return start + quoted(wanted) + " is locked again by who holds it, " + who.name() +
         "; let it go first";
}

}  // namespace

lock_holder lock_holder::this_thread() noexcept {
  std::uint64_t& mine = thread_slot<holding_thread>::get().number;
  if (mine == 0) mine = detail::next_number<holding_thread>();
  return {kind::thread, mine};
}

std::string lock_holder::name() const {
  if (kind_ == kind::nobody) return "nobody";
  return (kind_ == kind::task ? "task " : "thread ") + std::to_string(number_);
}

lock_kind::lock_kind(lock_order& order, std::string_view name, std::optional<unsigned> rank)
    : order_(order), name_(name), rank_(rank), index_(order.begin(name)) {}

lock_kind::~lock_kind() { order_.end(*this); }

unsigned lock_order::begin(std::string_view name) {
  const detail::bit_lock_guard guard(lock_);
  return graph_.with([&](graph& g) {
    unsigned place = g.size;
    if (place != most_kinds) {
      ++g.size;
    } else if (g.ended != 0) {
      place = static_cast<unsigned>(std::countr_zero(g.ended));
      g.ended &= g.ended - 1;
      g.forget_violations(place);
    } else {
      throw std::length_error("lock_kind: \"" + std::string(name) +
                              "\" is one too many, an order has at most " +
                              std::to_string(most_kinds) + "; use another order");
    }
    g.name[place] = name;
    return place;
  });
}

void lock_order::end(const lock_kind& kind) noexcept {
  const detail::bit_lock_guard guard(lock_);
  graph_.with([&](graph& g) {
    g.ended |= kinds{1} << kind.index_;
    g.forget_pairs(kind.index_);
  });
}

void lock_order::graph::forget_pairs(unsigned kind) noexcept {
  const bool is_known = next[kind] != 0 || below[kind] != 0;
  const kinds others = ~(kinds{1} << kind);
  next[kind] = 0;
  bool was_wanted = false;
  for (kinds& each : next) {
    was_wanted = was_wanted || (each & ~others) != 0;
    each &= others;
  }
  if (!is_known && !was_wanted) return;
  below = next;
  for (unsigned via = 0; via < size; ++via) {
    for (kinds& each : below) {
      if ((each >> via & 1) != 0) each |= below[via];
    }
  }
}

void lock_order::graph::forget_violations(unsigned kind) noexcept {
  for (auto& rule : broken) {
    rule[kind] = 0;
    for (kinds& each : rule) each &= ~(kinds{1} << kind);
  }
}

bool lock_order::graph::leads_back(unsigned held, unsigned wanted) const noexcept {
  return held == wanted || (below[wanted] >> held & 1) != 0;
}

void lock_order::graph::add(unsigned held, unsigned wanted) noexcept {
  const kinds one = kinds{1} << wanted;
  next[held] |= one;
  if ((below[held] & one) != 0) return;
  const kinds more = below[wanted] | one;
  for (unsigned above = 0; above < size; ++above) {
    if (above == held || (below[above] >> held & 1) != 0) below[above] |= more;
  }
}

// Returns: the rule that is broken, and notes it; otherwise notes the pair. Called with the lock.
std::optional<lock_order_rule> lock_order::judge(const detail::held_lock& held,
                                                 const detail::ordered_lock& wanted) noexcept {
  const lock_kind& above = held.lock_->kind();
  const unsigned from = above.index_, to = wanted.kind().index_;
  const auto lower = above.rank(), upper = wanted.kind().rank();
  return graph_.with([&](graph& g) -> std::optional<lock_order_rule> {
    std::optional<lock_order_rule> broken;
    if (held.lock_ == &wanted) {
      broken = lock_order_rule::recursion;
    } else if (lower && upper && *lower >= *upper) {
      broken = lock_order_rule::rank;
    } else if (g.leads_back(from, to) && !fault::cycle_unseen) {
      broken = lock_order_rule::cycle;
    }
    if (broken) {
      g.broken[static_cast<unsigned>(*broken)][from] |= kinds{1} << to;
    } else {
      g.add(from, to);
    }
    return broken;
  });
}

void lock_order::check(const detail::ordered_lock& wanted, lock_holder who,
                       const detail::held_lock* own) {
  std::optional<lock_order_rule> broken;
  const lock_kind* against = nullptr;
  {
    const detail::bit_lock_guard guard(lock_);
    for (auto* at = &held_.next(); at != &held_ && !broken; at = &at->next()) {
      const auto& held = static_cast<const detail::held_lock&>(*at);
      if (held.holder_.read() != who || &held == own) continue;
      if (fault::recursion_unseen && held.lock_ == &wanted) continue;
      broken = judge(held, wanted);
      against = &held.lock_->kind();
    }
  }
  if (broken) throw lock_order_violation(*broken, text_of(*broken, *against, wanted.kind(), who));
}

namespace detail {

lock_order& held_lock::order() const noexcept { return lock_->kind().order(); }

held_lock::held_lock(const ordered_lock& of, lock_holder who) noexcept : lock_(&of) {
  const bit_lock_guard guard(order().lock_);
  holder_.write(who);
  order().held_.insert_after(*this);
}

held_lock& held_lock::operator=(held_lock&& other) noexcept {
  if (this == &other) return *this;
  let_go();
  take(other);
  return *this;
}

void held_lock::take(held_lock& other) noexcept {
  lock_ = std::exchange(other.lock_, nullptr);
  if (lock_ == nullptr) return;
  const bit_lock_guard guard(order().lock_);
  holder_.write(other.holder_.read());
  if (!fault::moved_lock_unseen) other.insert_after(*this);
  other.unlink();
}

held_lock held_lock::again() const noexcept {
  return lock_ != nullptr ? held_lock(*lock_, holder_.read()) : held_lock();
}

void held_lock::hand_over(lock_holder who) noexcept {
  if (lock_ == nullptr) return;
  const bit_lock_guard guard(order().lock_);
  holder_.write(who);
}

void held_lock::let_go() noexcept {
  if (lock_ == nullptr) return;
  const bit_lock_guard guard(order().lock_);
  unlink();
  lock_ = nullptr;
}

held_lock::absent held_lock::leave() noexcept {
  absent left;
  left.lock_ = lock_;
  left.who_ = holder_.read();
  let_go();
  return left;
}

void held_lock::come_back(const absent& from) noexcept {
  if (from.lock_ != nullptr) *this = held_lock(*from.lock_, from.who_);
}

void held_lock::check_more(lock_holder who) const { order().check(*lock_, who, this); }

}  // namespace detail

std::vector<lock_order::edge> lock_order::edges() const {
  const detail::bit_lock_guard guard(lock_);
  return graph_.with_read([](const graph& g) {
    std::vector<edge> all;
    for (unsigned from = 0; from < g.size; ++from) {
      for (unsigned to = 0; to < g.size; ++to) {
        if ((g.next[from] >> to & 1) == 0) continue;
        all.push_back({g.name[from], g.name[to]});
      }
    }
    return all;
  });
}

std::vector<lock_order::violation> lock_order::violations() const {
  const detail::bit_lock_guard guard(lock_);
  return graph_.with_read([](const graph& g) {
    std::vector<violation> all;
    for (unsigned rule = 0; rule < g.broken.size(); ++rule) {
      for (unsigned from = 0; from < g.size; ++from) {
        for (unsigned to = 0; to < g.size; ++to) {
          if ((g.broken[rule][from] >> to & 1) == 0) continue;
          all.push_back(
              {lock_order_rule{static_cast<std::uint8_t>(rule)}, g.name[from], g.name[to]});
        }
      }
    }
    return all;
  });
}

std::vector<std::string_view> lock_order::held_by(lock_holder who) const {
  const detail::bit_lock_guard guard(lock_);
  std::vector<std::string_view> all;
  for (auto* at = &held_.next(); at != &held_; at = &at->next()) {
    const auto& held = static_cast<const detail::held_lock&>(*at);
    if (held.holder_.read() == who) all.push_back(held.lock_->kind().name());
  }
  return all;
}

PAWL_END

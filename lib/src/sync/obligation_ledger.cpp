#include <pawl/sync/obligation_ledger.hpp>

#include <pawl/backend/fault.hpp>

#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

PAWL_BEGIN

obligation_ledger::obligation_ledger(leak_observer* observer, std::size_t history)
    : observer_(observer) {
  books_.with([&](books& b) {
    b.history.reserve(history);
    b.most_history = history;
  });
}

obligation_ledger::~obligation_ledger() { check_leaks(); }

// The node is made before the lock is taken, and those that are struck out are freed after it.
result<obligation> obligation_ledger::enter(obligation_region* region, obligation_kind kind,
                                            std::string_view what, lock_holder who,
                                            std::source_location where) {
  records fresh;
  obligation_record& record = fresh[0];
  record.kind = kind;
  record.what = what;
  record.region = region;
  record.who = who;
  record.where = where;
  record.since = steady_clock::now();
  auto node = fresh.extract(fresh.begin());
  const detail::bit_lock_guard guard(lock_);
  if (region != nullptr && region->closed_.read()) return failure(errc::closed);
  return books_.with([&](books& b) {
    node.key() = node.mapped().id = ++b.last_id;
    b.pending.insert(b.pending.end(), std::move(node));
    ++b.stats[static_cast<unsigned>(kind)].reserved;
    return obligation(*this, b.last_id);
  });
}

void obligation_ledger::books::note(obligation_record& record, obligation_state state,
                                    std::string_view reason) {
  record.state = state;
  record.reason = reason;
  record.age = steady_clock::now() - record.since;
  obligation_stats& of_kind = stats[static_cast<unsigned>(record.kind)];
  ++(state == obligation_state::committed ? of_kind.committed
     : state == obligation_state::aborted ? of_kind.aborted
                                          : of_kind.leaked);
  if (history.size() < most_history) {
    history.push_back(record);
  } else if (most_history != 0) {
    history[oldest] = record;
    oldest = (oldest + 1) % most_history;
  }
}

// Returns: the record, resolved; nothing if it is not pending.
obligation_ledger::records obligation_ledger::strike_out(obligation_id id, obligation_state state,
                                                         std::string_view reason) noexcept {
  records out;
  const detail::bit_lock_guard guard(lock_);
  books_.with([&](books& b) {
    const auto at = b.pending.find(id);
    if (at == b.pending.end()) return;
    b.note(at->second, state, reason);
    if (fault::resolved_twice) {
      out.insert(*at);
    } else {
      out.insert(b.pending.extract(at));
    }
  });
  return out;
}

obligation_ledger::records obligation_ledger::strike_out(const obligation_filter& meant,
                                                         obligation_state state,
                                                         std::string_view reason) noexcept {
  records out;
  const detail::bit_lock_guard guard(lock_);
  books_.with([&](books& b) {
    for (auto at = b.pending.begin(); at != b.pending.end();) {
      const auto here = at++;
      if (!meant.admits(here->second)) continue;
      b.note(here->second, state, reason);
      out.insert(out.end(), b.pending.extract(here));
    }
  });
  return out;
}

void obligation_ledger::tell(const records& leaked) const noexcept {
  for (const auto& [id, record] : leaked) {
    if (observer_ != nullptr) {
      observer_->leaked(record);
    } else {
      detail::report_leak(to_text(record).c_str());
    }
  }
}

namespace {

[[noreturn]] void throw_not_pending(const char* name, obligation_id id) {
  throw std::logic_error(std::string("obligation_ledger::") + name + ": obligation " +
                         std::to_string(id) + " is not pending here; if it may be resolved, use " +
                         "try_" + name + "()");
}

}  // namespace

void obligation_ledger::commit(obligation_id id) {
  if (!try_commit(id)) throw_not_pending("commit", id);
}

void obligation_ledger::abort(obligation_id id, std::string_view reason) {
  if (!try_abort(id, reason)) throw_not_pending("abort", id);
}

bool obligation_ledger::try_commit(obligation_id id) noexcept {
  return !strike_out(id, obligation_state::committed, {}).empty();
}

bool obligation_ledger::try_abort(obligation_id id, std::string_view reason) noexcept {
  return !strike_out(id, obligation_state::aborted, reason).empty();
}

bool obligation_ledger::mark_leaked(obligation_id id) noexcept {
  const records leaked = strike_out(id, obligation_state::leaked, {});
  tell(leaked);
  return !leaked.empty();
}

std::size_t obligation_ledger::abort_pending(const obligation_filter& meant,
                                             std::string_view reason) noexcept {
  return strike_out(meant, obligation_state::aborted, reason).size();
}

std::size_t obligation_ledger::check_leaks(const obligation_filter& meant) noexcept {
  const records leaked = strike_out(meant, obligation_state::leaked, {});
  tell(leaked);
  return leaked.size();
}

std::vector<obligation_record> obligation_ledger::pending(const obligation_filter& meant) const {
  const auto now = steady_clock::now();
  const detail::bit_lock_guard guard(lock_);
  return books_.with_read([&](const books& b) {
    std::vector<obligation_record> all;
    for (const auto& [id, record] : b.pending) {
      if (!meant.admits(record)) continue;
      all.push_back(record);
      all.back().age = now - record.since;
    }
    return all;
  });
}

std::size_t obligation_ledger::count_pending(const obligation_filter& meant) const noexcept {
  const detail::bit_lock_guard guard(lock_);
  return count(meant);
}

// Called with the lock.
std::size_t obligation_ledger::count(const obligation_filter& meant) const noexcept {
  return books_.with_read([&](const books& b) {
    std::size_t n = 0;
    for (const auto& [id, record] : b.pending) n += meant.admits(record) ? 1 : 0;
    return n;
  });
}

obligation_stats obligation_ledger::stats() const noexcept {
  const detail::bit_lock_guard guard(lock_);
  return books_.with_read([](const books& b) {
    obligation_stats sum;
    for (const obligation_stats& each : b.stats) {
      sum.reserved += each.reserved;
      sum.committed += each.committed;
      sum.aborted += each.aborted;
      sum.leaked += each.leaked;
    }
    return sum;
  });
}

obligation_stats obligation_ledger::stats(obligation_kind kind) const noexcept {
  const detail::bit_lock_guard guard(lock_);
  return books_.with_read([&](const books& b) { return b.stats[static_cast<unsigned>(kind)]; });
}

std::vector<obligation_record> obligation_ledger::history() const {
  const detail::bit_lock_guard guard(lock_);
  return books_.with_read([](const books& b) {
    std::vector<obligation_record> all(b.history.begin() + static_cast<std::ptrdiff_t>(b.oldest),
                                       b.history.end());
    all.insert(all.end(), b.history.begin(),
               b.history.begin() + static_cast<std::ptrdiff_t>(b.oldest));
    return all;
  });
}

void obligation_ledger::reset() noexcept {
  records forgotten;
  const detail::bit_lock_guard guard(lock_);
  books_.with([&](books& b) {
    forgotten.swap(b.pending);
    b.stats = {};
    b.history.clear();
    b.oldest = 0;
  });
}

obligation obligation_region::reserve(obligation_kind kind, std::string_view what, lock_holder who,
                                      std::source_location where) {
  auto entry = try_reserve(kind, what, who, where);
  if (!entry) {
    throw std::logic_error(
        "obligation_region::reserve: the region is closed; if it may be, use try_reserve()");
  }
  return *std::move(entry);
}

bool obligation_region::close() noexcept {
  if (fault::closed_in_two_steps && !is_clean()) return false;
  const detail::bit_lock_guard guard(ledger_.lock_);
  const bool closes = ledger_.count({.region = this}) == 0 || fault::closed_in_two_steps;
  if (closes) closed_.write(true);
  return closes;
}

bool obligation_region::is_closed() const noexcept {
  const detail::bit_lock_guard guard(ledger_.lock_);
  return closed_.read();
}

PAWL_END

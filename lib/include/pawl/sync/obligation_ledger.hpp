#pragma once
// Books of what was taken and has to be given back.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/obligation.hpp>
#include <pawl/task/bit_lock.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <source_location>
#include <string_view>
#include <vector>

PAWL_BEGIN

// How many obligations there were, and what became of them.
struct obligation_stats {
  std::uint64_t reserved = 0, committed = 0, aborted = 0, leaked = 0;

  [[nodiscard]] std::uint64_t pending() const noexcept {
    return reserved - committed - aborted - leaked;
  }
  friend bool operator==(const obligation_stats&, const obligation_stats&) noexcept = default;
};

// Is told of each leak, when the books are consistent; it may do anything but destroy the ledger.
class leak_observer {
 public:
  virtual void leaked(const obligation_record& record) noexcept = 0;

 protected:
  ~leak_observer() = default;
};

// Knows each obligation from its reservation until it is committed or aborted; both phases are one
// step of the ledger each, and of those who resolve one obligation one succeeds (OBLIGATION-ONCE).
// What is not resolved when its owner, its region or the ledger ends has leaked, and is told to the
// observer: where it was taken, what it is, and how old.
//
// Without an observer, a leak is a line on the standard error stream; for the checker, it is a bug
// of the program.
//
// Shared by threads and tasks; a small lock of its own protects it, and a reservation allocates. So
// it is for debugging, for tests, and for what is rare; who has no ledger pays nothing.
// Memory ordering: calls happen one after the other.
// Complexity: logarithmic in what is pending, unless said otherwise.
class obligation_ledger {
 public:
  // Effects: keeps the latest `history` obligations that were resolved, for history().
  explicit obligation_ledger(leak_observer* observer = nullptr, std::size_t history = 0);
  explicit obligation_ledger(std::size_t history) : obligation_ledger(nullptr, history) {}
  obligation_ledger(const obligation_ledger&) = delete;
  obligation_ledger& operator=(const obligation_ledger&) = delete;

  // Effects: what is pending leaks. Precondition: no obligation object, and no region, is left.
  ~obligation_ledger();

  // Effects: from now on, `who` owes this. The characters of `what` outlive the records of it.
  obligation reserve(obligation_kind kind, std::string_view what = {},
                     lock_holder who = lock_holder::this_thread(),
                     std::source_location where = std::source_location::current()) {
    return *enter(nullptr, kind, what, who, where);
  }
  result<obligation> try_reserve(obligation_kind kind, std::string_view what = {},
                                 lock_holder who = lock_holder::this_thread(),
                                 std::source_location where = std::source_location::current()) {
    return enter(nullptr, kind, what, who, where);
  }

  // Effects: as the member functions of the obligation with that number, whoever owns it.
  void commit(obligation_id id);
  void abort(obligation_id id, std::string_view reason = {});
  bool try_commit(obligation_id id) noexcept;
  bool try_abort(obligation_id id, std::string_view reason = {}) noexcept;

  // Effects: it has leaked, and the observer is told. Returns: false if it is resolved already.
  bool mark_leaked(obligation_id id) noexcept;

  // Effects: aborts all that is pending and meant. Returns: how many. Linear in what is pending.
  std::size_t abort_pending(const obligation_filter& meant = {},
                            std::string_view reason = {}) noexcept;

  // Effects: all that is pending and meant has leaked, and the observer is told of each.
  // Returns: how many. Complexity: linear in what is pending.
  std::size_t check_leaks(const obligation_filter& meant = {}) noexcept;

  // Returns: what is pending and meant, the oldest first. Complexity: linear in what is pending.
  [[nodiscard]] std::vector<obligation_record> pending(const obligation_filter& meant = {}) const;
  [[nodiscard]] std::size_t count_pending(const obligation_filter& meant = {}) const noexcept;
  [[nodiscard]] bool is_clean(const obligation_filter& meant = {}) const noexcept {
    return count_pending(meant) == 0;
  }

  // Returns: what was counted since the last reset, of all kinds or of one.
  [[nodiscard]] obligation_stats stats() const noexcept;
  [[nodiscard]] obligation_stats stats(obligation_kind kind) const noexcept;

  // Returns: the latest that were resolved, the oldest first, as many as are kept.
  [[nodiscard]] std::vector<obligation_record> history() const;

  // Effects: forgets all of it, also what is pending; nobody is told.
  void reset() noexcept;

 private:
  friend obligation;
  friend obligation_region;

  using records = std::map<obligation_id, obligation_record>;

  struct books {
    records pending;
    std::array<obligation_stats, obligation_kinds> stats{};
    std::vector<obligation_record> history;  // a ring, once it is full
    std::size_t most_history = 0, oldest = 0;
    obligation_id last_id = 0;

    void note(obligation_record& record, obligation_state state, std::string_view reason);
  };

  result<obligation> enter(obligation_region* region, obligation_kind kind, std::string_view what,
                           lock_holder who, std::source_location where);
  records strike_out(obligation_id id, obligation_state state, std::string_view reason) noexcept;
  records strike_out(const obligation_filter& meant, obligation_state state,
                     std::string_view reason) noexcept;
  [[nodiscard]] std::size_t count(const obligation_filter& meant) const noexcept;
  void tell(const records& leaked) const noexcept;

  leak_observer* const observer_;
  mutable detail::bit_lock lock_;
  cell<books> books_;
};

// A part of the program that leaves no obligations behind: it can be closed only when none of its
// own is pending, and then takes no new ones, in one step (OBLIGATION-REGION).
class obligation_region {
 public:
  // The ledger outlives it; the characters of the name outlive the records of its obligations.
  obligation_region(obligation_ledger& ledger, std::string_view name) noexcept
      : ledger_(ledger), name_(name) {}
  obligation_region(const obligation_region&) = delete;
  obligation_region& operator=(const obligation_region&) = delete;

  // Effects: what is pending leaks.
  ~obligation_region() { check_leaks(); }

  [[nodiscard]] std::string_view name() const noexcept { return name_; }

  // Effects: as those of the ledger.
  // Throws: std::logic_error if the region is closed. try_reserve returns `closed` then.
  obligation reserve(obligation_kind kind, std::string_view what = {},
                     lock_holder who = lock_holder::this_thread(),
                     std::source_location where = std::source_location::current());
  result<obligation> try_reserve(obligation_kind kind, std::string_view what = {},
                                 lock_holder who = lock_holder::this_thread(),
                                 std::source_location where = std::source_location::current()) {
    return ledger_.enter(this, kind, what, who, where);
  }

  // Effects: no more reservations, if none is pending. Returns: whether it is closed.
  bool close() noexcept;
  [[nodiscard]] bool is_closed() const noexcept;

  // Effects: as those of the ledger, of what is in the region.
  std::size_t abort_pending(std::string_view reason = {}) noexcept {
    return ledger_.abort_pending({.region = this}, reason);
  }
  std::size_t check_leaks() noexcept { return ledger_.check_leaks({.region = this}); }
  [[nodiscard]] std::size_t count_pending() const noexcept {
    return ledger_.count_pending({.region = this});
  }
  [[nodiscard]] bool is_clean() const noexcept { return count_pending() == 0; }

 private:
  friend obligation_ledger;

  obligation_ledger& ledger_;
  const std::string_view name_;
  cell<bool> closed_{false};  // protected by the ledger's lock
};

PAWL_END

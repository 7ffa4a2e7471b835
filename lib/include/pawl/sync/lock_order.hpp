#pragma once
// In which order locks may be taken, and who holds which.

#include <pawl/backend/backend.hpp>
#include <pawl/task/bit_lock.hpp>
#include <pawl/task/context.hpp>
#include <pawl/task/ring.hpp>
#include <pawl/task/stop_token.hpp>

#include <array>
#include <coroutine>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

PAWL_BEGIN

class lock_order;

// Who holds locks: a task, known by the number of its stop source, or else a thread, which has a
// number, too. A default constructed one is nobody. None is taken for one that ended before. (A
// task that runs under another stop token, as in run_until_cancelled, counts as another one.)
class lock_holder {
 public:
  constexpr lock_holder() noexcept = default;

  [[nodiscard]] static lock_holder this_thread() noexcept;

  // Returns: the task that the coroutine is part of; the calling thread, if it has no stop token.
  template <class Promise>
  [[nodiscard]] static lock_holder of(std::coroutine_handle<Promise> coroutine) noexcept {
    const stop_token task = stop_token_of(coroutine);
    return task.stop_possible() ? lock_holder(kind::task, task.number()) : this_thread();
  }

  // Returns: "task 3", "thread 1", "nobody": as reports say it.
  [[nodiscard]] std::string name() const;

  friend bool operator==(const lock_holder&, const lock_holder&) noexcept = default;

 private:
  enum class kind : std::uint8_t { nobody, task, thread };

  constexpr lock_holder(kind k, std::uint64_t number) noexcept : kind_(k), number_(number) {}

  kind kind_ = kind::nobody;
  std::uint64_t number_ = 0;
};

enum class lock_order_rule : std::uint8_t {
  rank,       // ranks rise: what is locked while something is held has a higher rank
  cycle,      // two kinds of locks are never taken in both orders, nor through others
  recursion,  // who holds a lock does not wait for it
};

// What locking throws if it would break a rule. Nothing has changed, nobody waits.
class lock_order_violation : public std::logic_error {
 public:
  lock_order_violation(lock_order_rule rule, const std::string& text)
      : std::logic_error(text), rule_(rule) {}

  [[nodiscard]] lock_order_rule rule() const noexcept { return rule_; }

 private:
  lock_order_rule rule_;
};

// A kind of locks, which have the same place in the order. Must outlive its locks; the order must
// outlive it, and the characters of the name the order.
class lock_kind {
 public:
  // Throws: std::length_error if the order has lock_order::most_kinds; it is as it was.
  lock_kind(lock_order& order, std::string_view name, std::optional<unsigned> rank = {});
  lock_kind(const lock_kind&) = delete;
  lock_kind& operator=(const lock_kind&) = delete;

  // Effects: the order forgets the pairs that it was part of, and what followed from them: without
  //   its locks they contradict nothing. Violations stay, until a new kind needs its place.
  ~lock_kind();

  [[nodiscard]] lock_order& order() const noexcept { return order_; }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::optional<unsigned> rank() const noexcept { return rank_; }

 private:
  friend lock_order;

  lock_order& order_;
  const std::string_view name_;
  const std::optional<unsigned> rank_;
  const unsigned index_;
};

namespace detail {

struct held_locks;

// A lock's own part in the order.
class ordered_lock {
 public:
  explicit ordered_lock(const lock_kind& kind) noexcept : kind_(kind) {}
  ordered_lock(const ordered_lock&) = delete;
  ordered_lock& operator=(const ordered_lock&) = delete;

  [[nodiscard]] const lock_kind& kind() const noexcept { return kind_; }

 private:
  const lock_kind& kind_;
};

// A lock that somebody has, in the books of its order as long as this object lives, or the one that
// it is moved to. Several who have it at a time are there as often. Not synchronized by itself: one
// such object is one thread's at a time.
class held_lock : ring_link<held_locks> {
 public:
  // Of no lock; so is one that was moved from, or that was let go.
  held_lock() noexcept = default;

  // Called after the grant.
  held_lock(const ordered_lock& of, lock_holder who) noexcept;

  held_lock(held_lock&& other) noexcept { take(other); }
  held_lock& operator=(held_lock&& other) noexcept;
  ~held_lock() { let_go(); }

  explicit operator bool() const noexcept { return lock_ != nullptr; }

  // Returns: another one of the same lock and holder, who has it twice.
  [[nodiscard]] held_lock again() const noexcept;

  // Effects: from now on `who` is the holder.
  void hand_over(lock_holder who) noexcept;

  // Effects: takes it out of the books. Called before it is given back.
  void let_go() noexcept;

  // Whose it was, of a lock that he has let go of for a while.
  class absent {
    friend held_lock;

    const ordered_lock* lock_ = nullptr;
    lock_holder who_;
  };

  // Effects: as let_go(). Returns: what to come_back() from.
  [[nodiscard]] absent leave() noexcept;

  // Effects: it is in the books again, as it was. Precondition: *this is of no lock.
  void come_back(const absent& from) noexcept;

  // Effects: what lock_order::check says of waiting for the same lock, for who has it in a way that
  //   does not suffice: this possession does not count. Precondition: it is of a lock.
  void check_more(lock_holder who) const;

 private:
  friend lock_order;

  void take(held_lock& other) noexcept;
  [[nodiscard]] lock_order& order() const noexcept;

  const ordered_lock* lock_ = nullptr;
  cell<lock_holder> holder_;
};

}  // namespace detail

// Learns which kinds of locks are held while others are taken, and convicts a program whose orders
// contradict each other, whether it deadlocks this time or not. Shared by the threads and tasks
// that use its locks; a small lock of its own protects it, so it is for debugging and tests.
class lock_order {
 public:
  static constexpr unsigned most_kinds = 64;

  struct edge {
    std::string_view held, wanted;
    friend bool operator==(const edge&, const edge&) noexcept = default;
  };
  struct violation {
    lock_order_rule rule;
    std::string_view held, wanted;
    friend bool operator==(const violation&, const violation&) noexcept = default;
  };

  lock_order() noexcept = default;
  lock_order(const lock_order&) = delete;
  lock_order& operator=(const lock_order&) = delete;

  // Returns: the pairs that were found in order, of kinds that there are: the second was wanted
  //   while the first was held.
  [[nodiscard]] std::vector<edge> edges() const;

  // Returns: the rules broken so far, each once for each pair of kinds. Of kinds that have ended,
  //   as long as no later one has taken the place: unused places are taken first.
  [[nodiscard]] std::vector<violation> violations() const;

  // Returns: the names of what the holder holds, the latest first.
  [[nodiscard]] std::vector<std::string_view> held_by(lock_holder who) const;

  // What locks call before who wants one may wait for it. `own` of what he has does not count.
  //
  // Throws: lock_order_violation. Complexity: linear in the locks of this order that are held.
  void check(const detail::ordered_lock& wanted, lock_holder who,
             const detail::held_lock* own = nullptr);

 private:
  friend lock_kind;
  friend detail::held_lock;
  using kinds = std::uint64_t;  // a bit for each kind

  struct graph {
    unsigned size = 0;  // places ever used
    kinds ended = 0;    // of these, those whose kind has ended
    std::array<std::string_view, most_kinds> name{};
    std::array<kinds, most_kinds> next{};   // wanted while this was held
    std::array<kinds, most_kinds> below{};  // all that can be reached by that
    std::array<std::array<kinds, most_kinds>, 3> broken{};

    [[nodiscard]] bool leads_back(unsigned held, unsigned wanted) const noexcept;
    void add(unsigned held, unsigned wanted) noexcept;
    void forget_pairs(unsigned kind) noexcept;
    void forget_violations(unsigned kind) noexcept;
  };

  unsigned begin(std::string_view name);
  void end(const lock_kind& kind) noexcept;
  std::optional<lock_order_rule> judge(const detail::held_lock& held,
                                       const detail::ordered_lock& wanted) noexcept;

  mutable detail::bit_lock lock_;
  cell<graph> graph_;
  detail::ring_link<detail::held_locks> held_;
};

PAWL_END

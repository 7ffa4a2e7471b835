// OBLIGATION-ONCE: of those who resolve one obligation one succeeds, and it is counted once.
// OBLIGATION-REGION: a region that has closed has nothing pending, and takes nothing.
// OBLIGATION-HELD: what is held is in the books, from the grant to the release, once.
// OBLIGATION-LEAK: what nobody resolves is told, once.

#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/obligation_ledger.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/tracked.hpp>

#include "../support.hpp"

using namespace models;
using pawl::obligation;
using pawl::obligation_id;
using pawl::obligation_ledger;
using pawl::obligation_region;
using pawl::obligation_stats;
using pawl::track;
using kind = pawl::obligation_kind;

namespace {

class teller final : public pawl::leak_observer {
 public:
  void leaked(const pawl::obligation_record&) noexcept override {
    told_.fetch_add(1, pawl::memory_order_relaxed);
  }
  [[nodiscard]] unsigned told() const { return told_.load(pawl::memory_order_relaxed); }

 private:
  pawl::atomic<unsigned> told_{0};
};

call hold(obligation_ledger& ledger, pawl::semaphore& s) {
  auto taken = co_await s.acquire();
  const auto held = track(ledger, *std::move(taken));
  co_return ledger.count_pending();
}

}  // namespace

PAWL_MODEL("obligation.once", "of two who resolve it one succeeds, and it is counted once",
           bounds{.threads = 3, .note = "1 thread commits, 1 aborts"}) {
  obligation_ledger ledger;
  const obligation_id id = ledger.reserve(kind::lease).detach();
  bool committed = false, aborted = false;
  together([&] { committed = ledger.try_commit(id); }, [&] { aborted = ledger.try_abort(id); });
  require(committed != aborted, "OBLIGATION-ONCE");
  require(ledger.stats() == obligation_stats{1, committed ? 1u : 0u, aborted ? 1u : 0u, 0});
}

PAWL_MODEL("obligation.once.owner", "also if it is aborted behind the back of its owner",
           bounds{.threads = 3, .note = "its owner ends; 1 thread aborts what is pending"}) {
  teller leaks;
  obligation_ledger ledger(&leaks);
  std::size_t aborted = 0;
  together([&] { const obligation owned = ledger.reserve(kind::ack); },
           [&] { aborted = ledger.abort_pending(); });
  require(leaks.told() + aborted == 1, "OBLIGATION-ONCE");
  require(ledger.is_clean());
}

PAWL_MODEL("obligation.leak", "of two who find it one tells",
           bounds{.threads = 3, .note = "its owner ends; 1 thread looks for leaks"}) {
  teller leaks;
  obligation_ledger ledger(&leaks);
  obligation owned = ledger.reserve(kind::io);
  together([&] { const obligation last = std::move(owned); }, [&] { ledger.check_leaks(); });
  require(leaks.told() == 1 && ledger.stats().leaked == 1, "OBLIGATION-LEAK");
}

PAWL_MODEL("obligation.region", "a region that has closed has nothing pending, and takes nothing",
           bounds{.threads = 3, .note = "1 thread reserves and commits; 1 closes"}) {
  obligation_ledger ledger;
  obligation_region region(ledger, "region");
  bool closed = false, refused = false;
  together(
      [&] {
        auto entry = region.try_reserve(kind::transaction);
        refused = !entry;
        if (entry) entry->commit();
      },
      [&] {
        closed = region.close();
        if (closed) require(region.is_clean(), "OBLIGATION-REGION");
      });
  require(!refused || closed, "OBLIGATION-REGION: refused by a region that is open");
  require(region.is_clean() && region.is_closed() == closed);
}

PAWL_MODEL("obligation.held.permit", "what is held is in the books once",
           bounds{.threads = 3, .note = "2 threads take a permit"}) {
  obligation_ledger ledger;
  pawl::semaphore s(1);
  const auto once = [&] {
    const auto held = track(ledger, *s.acquire_blocking());
    require(ledger.count_pending() == 1, "OBLIGATION-HELD");
  };
  together(once, once);
  require(ledger.stats() == obligation_stats{2, 2, 0, 0});
}

PAWL_MODEL("obligation.held.call", "so it is for a coroutine that waits",
           bounds{.threads = 4, .note = "a call; a thread that has the permit first"}) {
  obligation_ledger ledger;
  pawl::semaphore s(1);
  auto first = track(ledger, *s.try_acquire());
  const call a = hold(ledger, s);
  together([&] { first.give_back(); });
  require(a.count() == 1, "OBLIGATION-HELD");
  require(ledger.is_clean() && s.available_permits() == 1);
}

PAWL_MODEL("obligation.held.passed_on", "a guard may be given back by another thread",
           bounds{.threads = 3, .note = "a guard moves to another thread; a thread looks"}) {
  obligation_ledger ledger;
  pawl::mutex<int> m(0);
  auto held = track(ledger, *m.try_lock());
  together([&] { const auto last = std::move(held); },
           [&] {
             const bool unlocked = m.try_lock().has_value();
             if (unlocked) require(ledger.is_clean(), "OBLIGATION-HELD");
           });
  require(ledger.is_clean() && !m.is_locked());
}

PAWL_MODEL("obligation.held.wait", "who waits for a condition has the lock to give back again",
           bounds{.threads = 3, .note = "1 thread waits until it is true; 1 makes it so"}) {
  obligation_ledger ledger;
  pawl::mutex<bool> m(false);
  pawl::condition_variable changed;
  together(
      [&] {
        auto held = track(ledger, m.lock_blocking().value());
        require(changed.wait_blocking(held, [&] { return **held; }).has_value());
        require(m.is_locked() && ledger.count_pending() >= 1, "OBLIGATION-HELD");
      },
      [&] {
        const auto held = track(ledger, m.lock_blocking().value());
        **held = true;
        changed.notify_one();
      });
  require(ledger.stats() == obligation_stats{2, 2, 0, 0}, "OBLIGATION-ONCE");
}

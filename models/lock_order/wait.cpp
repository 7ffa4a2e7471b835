// ORDER-HELD, through a wait for a condition: the lock is out of the books while it is let go of,
// and back with its holder. ORDER-CYCLE: to lock again is to wait, with all else that is held.
// ORDER-OWNED: a call or a guard may be the last owner of the lock.

#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/ordered_mutex.hpp>

#include <memory>

#include "../support.hpp"

using namespace models;
using pawl::lock_holder;
using pawl::lock_kind;
using pawl::lock_order;

namespace {

using flag = pawl::ordered_mutex<bool>;
constexpr auto release = pawl::on_unwind::release;

bool is_in_the_books(const lock_order& order, bool expected = true) {
  return order.held_by(lock_holder::this_thread()).empty() != expected;
}

call enter(std::shared_ptr<flag> m) {
  const auto locked = co_await pawl::lock_owned(std::move(m));
  co_return locked.map([](const flag::owned_guard&) { return count_t{1}; });
}

}  // namespace

PAWL_MODEL("lock_order.wait.held", "who waits for a condition has the lock only before and after",
           bounds{.threads = 3, .note = "1 thread waits until it is true; 1 makes it so"}) {
  lock_order order;
  const lock_kind kind(order, "state");
  flag m(kind, false, release);
  pawl::condition_variable changed;
  together(
      [&] {
        auto held = m.lock_blocking().value();
        require(changed.wait_blocking(held, [&] { return *held; }).has_value());
        require(is_in_the_books(order), "ORDER-HELD");
        held.unlock();
        require(is_in_the_books(order, false), "ORDER-HELD");
      },
      [&] {
        auto held = m.lock_blocking().value();
        require(is_in_the_books(order), "ORDER-HELD");
        *held = true;
        held.unlock();
        changed.notify_one();
      });
  require(!m.is_locked() && order.violations().empty());
}

PAWL_MODEL("lock_order.wait.cycle", "who would lock again in the wrong order does not wait",
           bounds{.threads = 3,
                  .note = "1 thread takes 2 locks and waits with the first; 1 both"}) {
  lock_order order;
  const lock_kind upper(order, "upper"), lower(order, "lower");
  flag a(upper, false, release), b(lower, false, release);
  pawl::condition_variable changed;
  bool is_convicted = false;
  together(
      [&] {
        auto outer = a.lock_blocking().value();
        const auto inner = b.lock_blocking().value();
        try {
          (void)changed.wait_blocking(outer);
        } catch (const pawl::lock_order_violation&) {
          is_convicted = static_cast<bool>(outer);
        }
      },
      [&] {
        const auto outer = a.lock_blocking().value();
        const auto inner = b.lock_blocking().value();
      });
  require(is_convicted, "ORDER-CYCLE");
  require(!changed.has_waiters() && !a.is_locked() && !b.is_locked());
}

PAWL_MODEL("lock_order.owned.call", "a call that waits may be the last owner",
           bounds{.threads = 4, .note = "held; a call by who forgets the lock; an unlock"}) {
  lock_order order;
  const lock_kind kind(order, "state");
  auto m = std::make_shared<flag>(kind, false, release);
  flag::guard held = m->lock_blocking().value();
  std::optional<call> waiting;
  together([&] { waiting = enter(std::move(m)); }, [&] { held.unlock(); });
  require(waiting->granted());
  require(is_in_the_books(order, false), "ORDER-OWNED");
}

// What concurrent calls return is what they would return one after the other, in an order that
// respects who came first (spec.hpp): on all small clients.

#include <pawl/check/clients.hpp>

#include <deque>
#include <functional>

#include "../performer.hpp"
#include "spec.hpp"

using namespace models;
using pawl::check::choose;
using pawl::check::choose_client;
using pawl::check::client;

namespace {

using recorded = recorded_shared_mutex;

lock_policy any_policy() {
  return choose(2) == 0 ? lock_policy::fair : lock_policy::writer_preferring;
}

hold reading_or_writing() { return choose(2) == 0 ? hold::reading : hold::writing; }

void meet(const client& threads, recorded& m, const std::function<void()>& change) {
  std::deque<performer<recorded>> performers;
  for (const auto& operations : threads) performers.emplace_back(m, operations);
  change();
  for (auto& each : performers) each.join();
  m.poison();
  for (const auto& each : performers) each.await_calls();
}

void meet_unlock(const client& threads, lock_policy policy, hold held) {
  recorded m(policy);
  require(m.try_lock(held));
  meet(threads, m, [&] { m.unlock(held); });
}

void meet_downgrade(const client& threads, lock_policy policy) {
  const hold to = choose(2) == 0 ? hold::reading : hold::upgradable;
  recorded m(policy);
  m.begin_by_writing();
  meet(threads, m, [&] { m.downgrade(to); });
}

}  // namespace

PAWL_MODEL("shared_mutex.linearizable.clients", "calls and tries fit a sequential order",
           bounds{
               .threads = 6,
               .note = "fair; read; then 2 threads of 2 operations in all meet the unlock: calls "
                       "to write or read, tries to read"}) {
  meet_unlock(choose_client({.threads = 2, .operations = 2, .kinds = recorded::trying_to_write}),
              lock_policy::fair, hold::reading);
}

PAWL_MODEL("shared_mutex.linearizable.all_clients", "so they do whatever the policy and the lock",
           bounds{.threads = 6,
                  .note = "either policy; read, upgradable or written; the same, and all "
                          "other calls and tries",
                  .full = true}) {
  const auto threads = choose_client({.threads = 2, .operations = 2, .kinds = recorded::kinds});
  const lock_policy policy = any_policy();
  meet_unlock(threads, policy, hold{static_cast<std::uint8_t>(choose(3))});
}

PAWL_MODEL("shared_mutex.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6,
                  .note = "either policy; read; a call, cancelled while another is made behind it, "
                          "and a try after"}) {
  recorded m(any_policy());
  pawl::stop_source stop;
  require(m.try_lock(hold::reading));
  const call a = m.lock(hold::writing, stop.get_token());
  std::optional<call> b;
  const hold next = reading_or_writing();
  together([&] { stop.request_stop(); }, [&] { b = m.lock(next); });
  (void)m.try_lock(hold::reading);
  m.poison();
  (void)a.result();
  (void)b->result();
}

PAWL_MODEL("shared_mutex.linearizable.turns", "so do calls in a longer queue, writers first",
           bounds{.threads = 7,
                  .note = "written; a call to read, 1 to write; the unlock meets a call"}) {
  recorded m(any_policy());
  require(m.try_lock(hold::writing));
  const call a = m.lock(hold::reading);
  const call b = m.lock(hold::writing);
  std::optional<call> c;
  const hold next = reading_or_writing();
  together([&] { m.unlock(hold::writing); }, [&] { c = m.lock(next); });
  m.poison();
  (void)a.result();
  (void)b.result();
  (void)c->result();
}

PAWL_MODEL("shared_mutex.linearizable.downgrade", "so do calls and tries that meet a downgrade",
           bounds{.threads = 5,
                  .note = "fair; written; 1 thread of 2 operations meets a downgrade, to read or "
                          "to be upgradable"}) {
  meet_downgrade(choose_client({.threads = 1, .operations = 2, .kinds = recorded::kinds}),
                 lock_policy::fair);
}

PAWL_MODEL("shared_mutex.linearizable.any_downgrade", "so do more, whatever the policy",
           bounds{.threads = 6,
                  .note = "either policy; written; 2 threads of 2 operations in all meet the same",
                  .full = true}) {
  const auto threads = choose_client({.threads = 2, .operations = 2, .kinds = recorded::kinds});
  meet_downgrade(threads, any_policy());
}

PAWL_MODEL("shared_mutex.linearizable.upgrade", "an upgrade is before all who wait",
           bounds{.threads = 6,
                  .note = "either policy; upgradable and read; a call; an upgrade meets the "
                          "reader's unlock; a try after"}) {
  recorded m(any_policy());
  m.begin_upgradable();
  require(m.try_lock(hold::reading));
  const call before = m.lock(reading_or_writing());
  std::optional<call> upgrade;
  together([&] { upgrade = m.upgrade(); }, [&] { m.unlock(hold::reading); });
  (void)m.try_lock(hold::reading);
  m.poison();
  (void)upgrade->result();
  (void)before.result();
}

PAWL_MODEL("shared_mutex.linearizable.cancelled_upgrade", "who is cancelled has what it had",
           bounds{.threads = 6,
                  .note = "either policy; upgradable and read; an upgrade, cancelled while the "
                          "reader unlocks; a call behind it; a try after"}) {
  recorded m(any_policy());
  pawl::stop_source stop;
  m.begin_upgradable();
  require(m.try_lock(hold::reading));
  const call upgrade = m.upgrade(stop.get_token());
  const call after = m.lock(reading_or_writing());
  together([&] { stop.request_stop(); }, [&] { m.unlock(hold::reading); });
  (void)m.try_lock(hold::reading);
  m.poison();
  (void)upgrade.result();
  (void)after.result();
}

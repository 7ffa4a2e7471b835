// What concurrent calls return is what they would return one after the other, in an order that
// respects who came first (spec.hpp): on all small clients.

#include <pawl/check/clients.hpp>

#include <deque>

#include "spec.hpp"

using namespace models;
using pawl::check::choose;
using pawl::check::choose_client;

namespace {

enum operation : std::uint32_t { lock, lock_shared, try_lock_shared, try_lock, kinds };

// What a thread of a client does. What a try locks is unlocked at once; its calls may wait for
// ever, and keep the lock.
class performer {
 public:
  performer(recorded_shared_mutex& m, const std::vector<std::uint32_t>& operations)
      : mutex_(m), thread_([this, &operations] {
          for (const std::uint32_t each : operations) perform(each);
        }) {}

  void join() { thread_.join(); }
  // Precondition: nothing waits any more.
  void await_calls() const {
    for (const call& each : calls_) (void)each.result();
  }

 private:
  void perform(std::uint32_t o) {
    const bool writes = o == lock || o == try_lock;
    if (o == lock || o == lock_shared)
      calls_.push_back(mutex_.lock(writes));
    else if (mutex_.try_lock(writes))
      mutex_.unlock(writes);
  }

  recorded_shared_mutex& mutex_;
  std::vector<call> calls_;
  pawl::thread thread_;
};

lock_policy any_policy() {
  return choose(2) == 0 ? lock_policy::fair : lock_policy::writer_preferring;
}

template <class Client>
void meet_unlock(const Client& client, lock_policy policy, bool written) {
  recorded_shared_mutex m(policy);
  require(m.try_lock(written));
  std::deque<performer> performers;
  for (const auto& operations : client) performers.emplace_back(m, operations);
  m.unlock(written);
  for (performer& each : performers) each.join();
  m.poison();
  for (const performer& each : performers) each.await_calls();
}

}  // namespace

PAWL_MODEL("shared_mutex.linearizable.clients", "calls and tries fit a sequential order",
           bounds{
               .threads = 6,
               .note = "fair; read; then 2 threads of 2 operations in all meet the unlock: calls "
                       "to write or read, tries to read"}) {
  meet_unlock(choose_client({.threads = 2, .operations = 2, .kinds = try_lock}), lock_policy::fair,
              false);
}

PAWL_MODEL("shared_mutex.linearizable.all_clients", "so they do whatever the policy and the lock",
           bounds{.threads = 6,
                  .note = "either policy; read or written; the same, and tries to write",
                  .full = true}) {
  const auto client = choose_client({.threads = 2, .operations = 2, .kinds = kinds});
  const lock_policy policy = any_policy();
  meet_unlock(client, policy, choose(2) == 1);
}

PAWL_MODEL("shared_mutex.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6,
                  .note = "either policy; read; a call, cancelled while another is made behind it, "
                          "and a try after"}) {
  recorded_shared_mutex m(any_policy());
  pawl::stop_source stop;
  require(m.try_lock(false));
  const call a = m.lock(true, stop.get_token());
  std::optional<call> b;
  const bool writes = choose(2) == 1;
  together([&] { stop.request_stop(); }, [&] { b = m.lock(writes); });
  (void)m.try_lock(false);
  m.poison();
  (void)a.result();
  (void)b->result();
}

PAWL_MODEL("shared_mutex.linearizable.turns", "so do calls in a longer queue, writers first",
           bounds{.threads = 7,
                  .note = "written; a call to read, 1 to write; the unlock meets a call"}) {
  recorded_shared_mutex m(any_policy());
  require(m.try_lock(true));
  const call a = m.lock(false);
  const call b = m.lock(true);
  std::optional<call> c;
  const bool writes = choose(2) == 1;
  together([&] { m.unlock(true); }, [&] { c = m.lock(writes); });
  m.poison();
  (void)a.result();
  (void)b.result();
  (void)c->result();
}

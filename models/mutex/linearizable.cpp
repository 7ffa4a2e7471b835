// What concurrent calls return is what they would return one after the other, in an order that
// respects who came first: on all small clients.

#include <pawl/check/clients.hpp>
#include <pawl/check/linearizable.hpp>

#include <deque>
#include <vector>

#include "../performer.hpp"
#include "calls.hpp"

using namespace models;
using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::choose;
using pawl::check::choose_client;
using pawl::check::ticket;

namespace {

// Whether somebody has the lock, and a queue in the order of the requests.
struct mutex_spec {
  bool is_locked = false, is_poisoned = false;
  std::vector<ticket> queue;

  void request(ticket t) { queue.push_back(t); }
  blocking<bool> lock(ticket t) {
    if (is_poisoned) {
      std::erase(queue, t);
      return false;
    }
    if (is_locked || queue.front() != t) return blocked;
    queue.erase(queue.begin());
    return is_locked = true;
  }
  void cancel(ticket t) { std::erase(queue, t); }

  bool try_lock() {
    if (is_locked || is_poisoned || !queue.empty()) return false;
    return is_locked = true;
  }
  void unlock() { is_locked = false; }
  void poison() { is_poisoned = true; }

  bool operator==(const mutex_spec&) const = default;
};

// A mutex whose calls are recorded. Who has locked it keeps it until it is unlocked by hand.
class recorded_mutex {
  using spec = mutex_spec;

 public:
  recorded_mutex() : history_(spec()) {}

  // Effects: ends the calls that wait. To the history they wait for ever.
  void end() { end_.request_stop(); }

  // The call, which has its place in the queue on return.
  call lock() { return lock(end_.get_token(), false); }
  call lock(pawl::stop_token token) { return lock(token, true); }
  bool try_lock() {
    bool is_mine = false;
    history_.call<&spec::try_lock>([&] { return is_mine = stay(object_.try_lock()).has_value(); });
    return is_mine;
  }
  // Precondition: it is locked.
  void unlock() {
    history_.call<&spec::unlock>([&] { object_.force_unlock(); });
  }
  void poison() {
    history_.call<&spec::poison>([&] { object_.poison(); });
  }

  enum operation : std::uint32_t { locking, trying, poisoning, kinds };
  void perform(std::uint32_t o, std::vector<call>& kept) {
    if (o == locking) {
      kept.push_back(lock());
    } else if (o == poisoning) {
      poison();
    } else if (try_lock()) {
      unlock();
    }
  }

 private:
  using started = decltype(std::declval<pawl::check::linearizable<spec>&>()
                               .start<&spec::request, &spec::lock, &spec::cancel>());

  static pawl::result<count_t> stay(pawl::result<guard> locked) {
    return std::move(locked).map([](guard&& g) {
      std::move(g).forget();
      return count_t{1};
    });
  }

  call lock(pawl::stop_token token, bool may_cancel) {
    const started a = history_.start<&spec::request, &spec::lock, &spec::cancel>();
    call c = finish(object_, a, token, may_cancel);
    a.requested();
    return c;
  }
  static call finish(counter& m, started a, pawl::stop_token token, bool may_cancel) {
    auto locked = stay(co_await m.lock(token));
    if (locked || locked.error().code == errc::poisoned)
      a.returned(locked.has_value());
    else if (may_cancel)
      a.cancelled();
    co_return locked;
  }

  pawl::check::linearizable<spec> history_;
  pawl::stop_source end_;
  counter object_;
};

// Locked at first; unlocked while 2 threads do what they do.
void perform_clients(std::uint32_t operations) {
  const auto client =
      choose_client({.threads = 2, .operations = operations, .kinds = recorded_mutex::kinds});
  recorded_mutex m;
  require(m.try_lock());
  std::deque<performer<recorded_mutex>> performers;
  for (const auto& each : client) performers.emplace_back(m, each);
  m.unlock();
  for (auto& each : performers) each.join();
  m.end();
  for (const auto& each : performers) each.await_calls();
}

}  // namespace

PAWL_MODEL("mutex.linearizable.clients", "calls, tries, unlocks and poison fit an order",
           bounds{.threads = 5,
                  .note = "locked; 2 threads of 2 operations in all: calls, tries that unlock, "
                          "poison; an unlock"}) {
  perform_clients(2);
}

PAWL_MODEL("mutex.linearizable.more_clients", "so do more",
           bounds{.threads = 6,
                  .note = "locked; 2 threads of 3 operations in all: calls, tries that unlock, "
                          "poison; an unlock",
                  .full = true}) {
  perform_clients(3);
}

PAWL_MODEL("mutex.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{
               .threads = 6,
               .note = "locked; a call to be cancelled, one behind it; an unlock; a try after"}) {
  recorded_mutex m;
  pawl::stop_source stop;
  require(m.try_lock());
  const call a = m.lock(stop.get_token());
  const call b = m.lock();
  together([&] { stop.request_stop(); }, [&] { m.unlock(); });
  (void)m.try_lock();
  m.end();
  (void)a.result();
  (void)b.result();
}

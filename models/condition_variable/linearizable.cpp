// What concurrent calls return is what they would return one after the other, in an order that
// respects who came first: on all small clients.

#include <pawl/check/clients.hpp>
#include <pawl/check/linearizable.hpp>

#include <algorithm>
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

// Notifications on their way, and a queue in the order of the requests. When one arrives, it is for
// who is first then. Whoever leaves, leaves one for each that is told.
struct condition_spec {
  count_t told = 0;
  std::vector<ticket> queue;

  void request(ticket t) { queue.push_back(t); }
  blocking<> wait(ticket t) {
    if (told == 0 || queue.front() != t) return blocked;
    queue.erase(queue.begin());
    --told;
    return {};
  }
  blocking<> cancel(ticket t) {
    if (told == queue.size()) return blocked;
    std::erase(queue, t);
    return {};
  }

  bool notify_one() { return tell(1) != 0; }
  count_t notify_all() { return tell(~count_t{0}); }

  bool operator==(const condition_spec&) const = default;

 private:
  count_t tell(count_t most) {
    const count_t n = std::min(most, queue.size() - told);
    told += n;
    return n;
  }
};

// A condition variable whose calls are recorded.
class recorded_condition {
  using spec = condition_spec;

 public:
  recorded_condition() : history_(spec{}) {}

  // Effects: ends the calls that wait and have no token of their own. To the history they wait for
  //   ever.
  void end() { end_.request_stop(); }

  // The call, which has its place in the queue on return.
  call wait() { return wait(end_.get_token(), false); }
  call wait(pawl::stop_token token) { return wait(token, true); }
  void notify_one() {
    history_.call<&spec::notify_one>([&] { return object_.notify_one(); });
  }
  void notify_all() {
    history_.call<&spec::notify_all>([&] { return object_.notify_all(); });
  }

  enum operation : std::uint32_t { waiting, notifying_one, notifying_all, kinds };
  void perform(std::uint32_t o, std::vector<call>& kept) {
    if (o == waiting) return kept.push_back(wait());
    o == notifying_one ? notify_one() : notify_all();
  }

 private:
  using started = decltype(std::declval<pawl::check::linearizable<spec>&>()
                               .start<&spec::request, &spec::wait, &spec::cancel>());

  call wait(pawl::stop_token token, bool may_cancel) {
    auto held = m_.lock_blocking();
    const started a = history_.start<&spec::request, &spec::wait, &spec::cancel>();
    call c = finish(object_, *held, a, token, may_cancel);
    a.requested();
    return c;
  }
  static call finish(condition_variable& changed, guard& locked, started a, pawl::stop_token token,
                     bool may_cancel) {
    guard held = std::move(locked);
    const auto notified = co_await changed.wait(held, token);
    if (notified)
      a.returned();
    else if (may_cancel)
      a.cancelled();
    co_return count_up(held, notified);
  }

  pawl::check::linearizable<spec> history_;
  pawl::stop_source end_;
  condition_variable object_;
  counter m_{0};
};

using client = std::vector<std::vector<std::uint32_t>>;

void run(unsigned waiting, const client& threads) {
  recorded_condition c;
  std::vector<call> before;
  for (unsigned i = 0; i < waiting; ++i) before.push_back(c.wait());
  std::deque<performer<recorded_condition>> performers;
  for (const auto& each : threads) performers.emplace_back(c, each);
  for (auto& each : performers) each.join();
  c.end();
  for (const call& each : before) (void)each.result();
  for (const auto& each : performers) each.await_calls();
}

std::uint32_t any_notification() { return recorded_condition::notifying_one + choose(2); }

void cancel_one_of_two(bool is_first, bool all) {
  recorded_condition c;
  pawl::stop_source stop;
  const call a = is_first ? c.wait(stop.get_token()) : c.wait();
  const call b = is_first ? c.wait() : c.wait(stop.get_token());
  together([&] { stop.request_stop(); }, [&] { all ? c.notify_all() : c.notify_one(); });
  c.notify_one();
  c.end();
  (void)a.result();
  (void)b.result();
}

}  // namespace

PAWL_MODEL("condition_variable.linearizable.notifications", "notifications fit an order",
           bounds{.threads = 6, .note = "0 to 2 calls, then 2 threads that notify"}) {
  const client notifiers{{any_notification()}, {any_notification()}};
  run(choose(3), notifiers);
}

PAWL_MODEL("condition_variable.linearizable.beginning", "so do waits that begin meanwhile",
           bounds{.threads = 5, .note = "1 thread that calls, 1 that notifies"}) {
  const client both{{recorded_condition::waiting}, {any_notification()}};
  run(0, both);
}

PAWL_MODEL("condition_variable.linearizable.clients", "so do all small clients",
           bounds{.threads = 8,
                  .note = "0 or 1 call, then 2 threads of 2 operations in all",
                  .full = true}) {
  run(choose(2),
      choose_client({.threads = 2, .operations = 2, .kinds = recorded_condition::kinds}));
}

PAWL_MODEL("condition_variable.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6,
                  .note = "2 calls, the first is cancelled; a notification, and one after"}) {
  cancel_one_of_two(true, false);
}

PAWL_MODEL("condition_variable.linearizable.either_cancelled", "the first or the second",
           bounds{.threads = 6,
                  .note = "2 calls, one cancelled; a notification meanwhile, another one after",
                  .full = true}) {
  const bool is_first = choose(2) == 0;
  cancel_one_of_two(is_first, choose(2) == 0);
}

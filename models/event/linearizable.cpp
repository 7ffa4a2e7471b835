// What concurrent calls of an event return is what they would return one after the other, in an
// order that respects who came first: on all small clients.

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

// Waits, who has been released of them, and whether it is set.
struct manual_reset_spec {
  bool is_set = false;
  std::vector<ticket> waiting, released;

  void request(ticket t) { (is_set ? released : waiting).push_back(t); }
  blocking<> wait(ticket t) {
    if (std::erase(released, t) == 0) return blocked;
    return {};
  }
  void cancel(ticket t) {
    std::erase(waiting, t);
    std::erase(released, t);
  }

  bool try_wait() { return is_set; }
  void set() {
    is_set = true;
    released.insert(released.end(), waiting.begin(), waiting.end());
    std::ranges::sort(released);
    waiting.clear();
  }
  void reset() { is_set = false; }

  bool operator==(const manual_reset_spec&) const = default;
};

// Waits in their order, of whom the first `sets` may pass; one more is kept for who comes later.
struct auto_reset_spec {
  std::size_t sets = 0;
  std::vector<ticket> waiting;

  void request(ticket t) { waiting.push_back(t); }
  blocking<> wait(ticket t) {
    const auto place = std::ranges::find(waiting, t) - waiting.begin();
    if (static_cast<std::size_t>(place) >= sets) return blocked;
    waiting.erase(waiting.begin() + place);
    --sets;
    return {};
  }
  void cancel(ticket t) {
    std::erase(waiting, t);
    sets = std::min(sets, waiting.size() + 1);
  }

  bool try_wait() {
    if (!waiting.empty() || sets == 0) return false;
    sets = 0;
    return true;
  }
  void set() { sets = std::min(sets + 1, waiting.size() + 1); }
  void reset() { sets = std::min(sets, waiting.size()); }

  bool operator==(const auto_reset_spec&) const = default;
};

// An event whose calls are recorded.
template <class Event, class Spec>
class recorded {
 public:
  explicit recorded(bool is_set) : history_(initial(is_set)), object_(is_set) {}

  // Effects: cancels the calls that still wait.
  void end() { stop_.request_stop(); }

  // The call, which has its place in the queue on return.
  call wait() { return wait(stop_.get_token()); }
  call wait(pawl::stop_token token) {
    const started a = history_.template start<&Spec::request, &Spec::wait, &Spec::cancel>();
    call c = finish(object_, a, token);
    a.requested();
    return c;
  }
  void try_wait() {
    history_.template call<&Spec::try_wait>([&] { return object_.try_wait().has_value(); });
  }
  void set() {
    history_.template call<&Spec::set>([&] { object_.set(); });
  }
  void reset() {
    history_.template call<&Spec::reset>([&] { object_.reset(); });
  }

  enum operation : std::uint32_t { waiting, trying, setting, resetting, kinds };
  void perform(std::uint32_t o, std::vector<call>& kept) {
    if (o == waiting)
      kept.push_back(wait());
    else if (o == trying)
      try_wait();
    else if (o == setting)
      set();
    else
      reset();
  }

 private:
  using history = pawl::check::linearizable<Spec>;
  using started = decltype(std::declval<history&>()
                               .template start<&Spec::request, &Spec::wait, &Spec::cancel>());

  static Spec initial(bool is_set) {
    Spec s;
    if (is_set) s.set();
    return s;
  }

  static call finish(Event& e, started a, pawl::stop_token token) {
    const auto waited = co_await e.wait(token);
    if (waited)
      a.returned();
    else
      a.cancelled();
    co_return passed(waited);
  }

  history history_;
  Event object_;
  pawl::stop_source stop_;
};

template <class Recorded>
void perform_clients(std::uint32_t threads, std::uint32_t operations) {
  const auto client =
      choose_client({.threads = threads, .operations = operations, .kinds = Recorded::kinds});
  Recorded e(choose(2) == 1);
  const call waiting = e.wait();
  std::deque<performer<Recorded>> performers;
  for (const auto& each : client) performers.emplace_back(e, each);
  for (auto& each : performers) each.join();
  e.end();
  (void)waiting.result();
  for (const auto& each : performers) each.await_calls();
}

template <class Recorded>
void perform_cancelled() {
  Recorded e(false);
  pawl::stop_source stop;
  const call a = e.wait(stop.get_token());
  const call b = e.wait();
  together([&] { stop.request_stop(); },
           [&] {
             e.set();
             if (choose(2) == 1) e.set();
           });
  e.try_wait();
  e.end();
  (void)a.result();
  (void)b.result();
}

using manual_event = recorded<pawl::manual_reset_event, manual_reset_spec>;
using auto_event = recorded<pawl::auto_reset_event, auto_reset_spec>;

}  // namespace

PAWL_MODEL("manual_reset_event.linearizable.clients", "calls fit a sequential order",
           bounds{.threads = 6,
                  .note = "set or not; a call; 2 threads of 2 operations in all: calls, tries, "
                          "sets, resets"}) {
  perform_clients<manual_event>(2, 2);
}

PAWL_MODEL("manual_reset_event.linearizable.more_clients", "so do more",
           bounds{.threads = 7,
                  .note = "set or not; a call; 2 threads of 3 operations in all: calls, tries, "
                          "sets, resets",
                  .full = true}) {
  perform_clients<manual_event>(2, 3);
}

PAWL_MODEL("manual_reset_event.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6,
                  .note = "a call to be cancelled, and one; 1 or 2 sets, then a try"}) {
  perform_cancelled<manual_event>();
}

PAWL_MODEL("auto_reset_event.linearizable.clients", "calls fit a sequential order",
           bounds{.threads = 6,
                  .note = "set or not; a call; 2 threads of 2 operations in all: calls, tries, "
                          "sets, resets"}) {
  perform_clients<auto_event>(2, 2);
}

PAWL_MODEL("auto_reset_event.linearizable.more_clients", "so do more",
           bounds{.threads = 7,
                  .note = "set or not; a call; 2 threads of 3 operations in all: calls, tries, "
                          "sets, resets",
                  .full = true}) {
  perform_clients<auto_event>(2, 3);
}

PAWL_MODEL("auto_reset_event.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6,
                  .note = "a call to be cancelled, and one; 1 or 2 sets, then a try"}) {
  perform_cancelled<auto_event>();
}

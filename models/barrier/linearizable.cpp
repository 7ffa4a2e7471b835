// What concurrent calls of a barrier return is what they would return one after the other, in an
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

// Who has arrived of this generation, and whose generation is over: the last one leads.
struct barrier_spec {
  count_t parties = 0, missing = 0;
  std::vector<ticket> waiting, leaders, others;

  void request(ticket t) {
    if (missing == 1) leaders.push_back(t);
    if (missing != 1) waiting.push_back(t);
    arrive();
  }
  blocking<bool> meet(ticket t) {
    if (std::erase(leaders, t) != 0) return true;
    if (std::erase(others, t) != 0) return false;
    return blocked;
  }
  // Too late once all have arrived.
  blocking<> cancel(ticket t) {
    if (std::erase(waiting, t) == 0) return blocked;
    ++missing;
    return {};
  }

  bool try_meet() {
    if (missing != 1) return false;
    arrive();
    return true;
  }
  bool drop() {
    const bool leads = missing == 1;
    --parties;
    arrive();
    return leads;
  }

  bool operator==(const barrier_spec&) const = default;

 private:
  void arrive() {
    if (--missing != 0) return;
    missing = parties;
    others.insert(others.end(), waiting.begin(), waiting.end());
    waiting.clear();
    std::ranges::sort(others);
    std::ranges::sort(leaders);
  }
};

class recorded_barrier {
  using spec = barrier_spec;

 public:
  explicit recorded_barrier(count_t parties)
      : history_(spec{parties, parties, {}, {}, {}}), object_(parties) {}

  // Effects: cancels the calls that still wait.
  void end() { stop_.request_stop(); }

  // The call, which has arrived on return.
  call meet() { return meet(stop_.get_token()); }
  call meet(pawl::stop_token token) {
    const started a = history_.start<&spec::request, &spec::meet, &spec::cancel>();
    call c = finish(object_, a, token);
    a.requested();
    return c;
  }
  void try_meet() {
    history_.call<&spec::try_meet>([&] { return object_.try_arrive_and_wait().has_value(); });
  }
  void drop() {
    history_.call<&spec::drop>([&] { return object_.arrive_and_drop().is_leader(); });
  }

  enum operation : std::uint32_t { meeting, trying, dropping, kinds };
  void perform(std::uint32_t o, std::vector<call>& kept) {
    if (o == meeting)
      kept.push_back(meet());
    else if (o == trying)
      try_meet();
    else
      drop();
  }

 private:
  using history = pawl::check::linearizable<spec>;
  using started =
      decltype(std::declval<history&>().start<&spec::request, &spec::meet, &spec::cancel>());

  static call finish(barrier& b, started a, pawl::stop_token token) {
    const auto arrival = co_await b.arrive_and_wait(token);
    if (arrival)
      a.returned(arrival->is_leader());
    else
      a.cancelled();
    co_return leads(arrival);
  }

  history history_;
  barrier object_;
  pawl::stop_source stop_;
};

}  // namespace

PAWL_MODEL("barrier.linearizable.clients", "calls, tries and drops fit a sequential order",
           bounds{.threads = 6,
                  .note = "3 parties; a call, then 2 threads of 2 operations in all: calls, tries, "
                          "drops",
                  .full = true}) {
  const auto client =
      choose_client({.threads = 2, .operations = 2, .kinds = recorded_barrier::kinds});
  recorded_barrier b(3);
  const call first = b.meet();
  std::deque<performer<recorded_barrier>> performers;
  for (const auto& operations : client) performers.emplace_back(b, operations);
  for (auto& each : performers) each.join();
  b.end();
  (void)first.result();
  for (const auto& each : performers) each.await_calls();
}

PAWL_MODEL("barrier.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6,
                  .note = "2 or 3 parties; a call to be cancelled; another, a try or a drop "
                          "meanwhile; a try after"}) {
  recorded_barrier b(2 + choose(2));
  pawl::stop_source stop;
  const call first = b.meet(stop.get_token());
  std::vector<call> second;
  together([&] { stop.request_stop(); },
           [&, what = choose(recorded_barrier::kinds)] { b.perform(what, second); });
  b.try_meet();
  b.end();
  (void)first.result();
  for (const call& each : second) (void)each.result();
}

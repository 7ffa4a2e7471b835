#pragma once
// notify as its callers know it: a sequential class, and calls that are recorded to be compared
// with it.

#include <pawl/check/linearizable.hpp>

#include <algorithm>
#include <vector>

#include "calls.hpp"

namespace models {

using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::ticket;

// Notifications on their way, and a queue in the order of the requests. They are handed on when who
// is meant is looked at, be it later; whoever a broadcast has told needs none. When nobody waits,
// one of them is left.
struct notify_spec {
  struct waiting {
    ticket who;
    bool is_told = false;
    bool operator==(const waiting&) const = default;
  };

  count_t firsts = 0;
  count_t lasts = 0;
  std::vector<waiting> queue;

  void request(ticket t) { queue.push_back({t}); }
  blocking<> wait(ticket t) {
    const auto me = std::ranges::find(queue, t, &waiting::who);
    if (!me->is_told && !take_one(me)) return blocked;
    queue.erase(me);
    merge();
    return {};
  }
  void cancel(ticket t) {
    std::erase_if(queue, [t](const waiting& w) { return w.who == t; });
    merge();
  }

  bool try_wait() {
    if (!queue.empty() || firsts == 0) return false;
    firsts = 0;
    return true;
  }
  void notify_one() {
    ++firsts;
    merge();
  }
  void notify_last() {
    ++lasts;
    merge();
  }
  void notify_waiters() {
    for (waiting& each : queue) each.is_told = true;
  }

  bool operator==(const notify_spec&) const = default;

 private:
  // Returns: whether there is one for this wait: nobody before it, or behind, needs one.
  bool take_one(std::vector<waiting>::const_iterator me) {
    const auto needs_one = [](const waiting& w) { return !w.is_told; };
    if (firsts != 0 && std::none_of(queue.cbegin(), me, needs_one)) {
      --firsts;
      return true;
    }
    if (lasts != 0 && std::none_of(me + 1, queue.cend(), needs_one)) {
      --lasts;
      return true;
    }
    return false;
  }

  void merge() {
    if (!queue.empty()) return;
    firsts = firsts + lasts != 0 ? 1 : 0;
    lasts = 0;
  }
};

// A notify whose calls are recorded.
class recorded_notify {
  using spec = notify_spec;

 public:
  recorded_notify() : history_(spec{}) {}

  // Effects: ends the calls that wait and have no token of their own. To the history they wait for
  //   ever.
  void end() { end_.request_stop(); }

  // The call, which has its place in the queue on return.
  call wait() { return wait(end_.get_token(), false); }
  call wait(pawl::stop_token token) { return wait(token, true); }
  void wait_blocking(pawl::stop_token token) {
    history_.call<&spec::request, &spec::wait, &spec::cancel>(
        [&] { return object_.wait_blocking(token).has_value(); });
  }
  void try_wait() {
    history_.call<&spec::try_wait>([&] { return object_.try_wait().has_value(); });
  }
  void notify_one() {
    history_.call<&spec::notify_one>([&] { object_.notify_one(); });
  }
  void notify_last() {
    history_.call<&spec::notify_last>([&] { object_.notify_last(); });
  }
  void notify_waiters() {
    history_.call<&spec::notify_waiters>([&] { object_.notify_waiters(); });
  }

  enum operation : std::uint32_t {
    waiting,
    trying,
    notifying_one,
    notifying_last,
    notifying_all,
    kinds
  };
  void perform(std::uint32_t o, std::vector<call>& kept) {
    switch (o) {
      case waiting:
        return kept.push_back(wait());
      case trying:
        return try_wait();
      case notifying_one:
        return notify_one();
      case notifying_last:
        return notify_last();
      default:
        return notify_waiters();
    }
  }

 private:
  using started = decltype(std::declval<pawl::check::linearizable<spec>&>()
                               .start<&spec::request, &spec::wait, &spec::cancel>());

  call wait(pawl::stop_token token, bool may_cancel) {
    const started a = history_.start<&spec::request, &spec::wait, &spec::cancel>();
    call c = finish(object_, a, token, may_cancel);
    a.requested();
    return c;
  }
  static call finish(notify& n, started a, pawl::stop_token token, bool may_cancel) {
    const auto notified = co_await n.wait(token);
    if (notified)
      a.returned();
    else if (may_cancel)
      a.cancelled();
    co_return ended(notified);
  }

  pawl::check::linearizable<spec> history_;
  pawl::stop_source end_;
  notify object_;
};

}  // namespace models

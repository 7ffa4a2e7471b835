#pragma once
// The semaphore as its callers know it: a sequential class, and calls that are recorded to be
// compared with it.

#include <pawl/check/linearizable.hpp>

#include <optional>
#include <vector>

#include "calls.hpp"

namespace models {

using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::ticket;

// Permits, and a queue in the order of the requests. Who is first in the queue is granted as soon
// as there are enough permits, or later: a turn may be cut short (limits::turn_limit).
struct semaphore_spec {
  count_t permits = 0;
  std::vector<ticket> queue;

  void request(ticket t, count_t) { queue.push_back(t); }
  blocking<> acquire(ticket t, count_t n) {
    if (queue.front() != t || permits < n) return blocked;
    queue.erase(queue.begin());
    permits -= n;
    return {};
  }
  void cancel(ticket t, count_t) { std::erase(queue, t); }

  bool try_acquire(count_t n) {
    if (!queue.empty() || permits < n) return false;
    permits -= n;
    return true;
  }
  void release(count_t n) { permits += n; }

  bool operator==(const semaphore_spec&) const = default;
};

// A semaphore whose calls are recorded. Permits are kept until they are released by hand.
class recorded_semaphore {
  using spec = semaphore_spec;

 public:
  explicit recorded_semaphore(count_t permits) : history_(spec{permits, {}}), object_(permits) {}

  // Effects: ends the calls that wait. To the history they wait for ever.
  void close() { object_.close(); }

  // The call, which has its place in the queue on return.
  call acquire(count_t n, pawl::stop_token token = {}) {
    const started a = history_.start<&spec::request, &spec::acquire, &spec::cancel>(n);
    call c = finish(object_, a, n, token);
    a.requested();
    return c;
  }
  void acquire_blocking(count_t n, pawl::stop_token token = {}) {
    history_.call<&spec::request, &spec::acquire, &spec::cancel>(
        [&](count_t m) { return keep(object_.acquire_blocking(m, token)).has_value(); }, n);
  }
  void try_acquire(count_t n) {
    history_.call<&spec::try_acquire>(
        [&](count_t m) { return keep(object_.try_acquire(m)).has_value(); }, n);
  }
  void release(count_t n) {
    history_.call<&spec::release>([&](count_t m) { object_.release(m); }, n);
  }

  enum operation : std::uint32_t { acquiring_one, trying_one, releasing_two, kinds };
  void perform(std::uint32_t o, std::vector<call>& kept) {
    if (o == acquiring_one)
      kept.push_back(acquire(1));
    else if (o == trying_one)
      try_acquire(1);
    else
      release(2);
  }

 private:
  using started = decltype(std::declval<pawl::check::linearizable<spec>&>()
                               .start<&spec::request, &spec::acquire, &spec::cancel>(count_t{}));

  static call finish(semaphore& s, started a, count_t n, pawl::stop_token token) {
    auto acquired = keep(co_await s.acquire(n, token));
    if (acquired)
      a.returned();
    else if (acquired.error().code == errc::cancelled)
      a.cancelled();
    co_return acquired;
  }

  pawl::check::linearizable<spec> history_;
  semaphore object_;
};

}  // namespace models

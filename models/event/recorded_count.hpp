#pragma once
// Waits for a count to come to zero, as their callers know them: what the histories of latch and
// wait_group have in common.

#include <pawl/check/clients.hpp>
#include <pawl/check/linearizable.hpp>

#include <algorithm>
#include <deque>
#include <vector>

#include "../performer.hpp"
#include "calls.hpp"

namespace models {

// A count, those who wait, and who has been released of them.
struct count_spec {
  count_t count = 0;
  std::vector<pawl::check::ticket> waiting, released;

  void request(pawl::check::ticket t) { (count == 0 ? released : waiting).push_back(t); }
  pawl::check::blocking<> wait(pawl::check::ticket t) {
    if (std::erase(released, t) == 0) return pawl::check::blocked;
    return {};
  }
  void cancel(pawl::check::ticket t) {
    std::erase(waiting, t);
    std::erase(released, t);
  }

  bool try_wait() { return count == 0; }
  // Returns: whether there was so much.
  bool down(count_t n) {
    if (n > count) return false;
    count -= n;
    if (n == 0 || count != 0) return true;
    released.insert(released.end(), waiting.begin(), waiting.end());
    std::ranges::sort(released);
    waiting.clear();
    return true;
  }
  void up(count_t n) { count += n; }

  bool operator==(const count_spec&) const = default;
};

// A latch or a wait_group whose waits and looks are recorded.
template <class Primitive>
class recorded_count {
 public:
  explicit recorded_count(count_t n) : history_(count_spec{n, {}, {}}), object_(n) {}

  // Effects: cancels the calls that still wait.
  void end() { stop_.request_stop(); }

  // The call, which has its place in the queue on return.
  call wait() { return wait(stop_.get_token()); }
  call wait(pawl::stop_token token) {
    const started a =
        history_.template start<&count_spec::request, &count_spec::wait, &count_spec::cancel>();
    call c = finish(object_, a, token);
    a.requested();
    return c;
  }
  void try_wait() {
    history_.template call<&count_spec::try_wait>([&] { return object_.try_wait().has_value(); });
  }

 protected:
  // Effects: counts down as `operation` does it, which throws if there is not so much.
  template <class Operation>
  void down(Operation operation, count_t n) {
    history_.template call<&count_spec::down>(
        [&](count_t m) {
          try {
            operation(object_, m);
            return true;
          } catch (const std::logic_error&) {
            return false;
          }
        },
        n);
  }
  template <class Operation>
  void up(Operation operation, count_t n) {
    history_.template call<&count_spec::up>([&](count_t m) { operation(object_, m); }, n);
  }

 private:
  using history = pawl::check::linearizable<count_spec>;
  using started =
      decltype(std::declval<history&>()
                   .template start<&count_spec::request, &count_spec::wait, &count_spec::cancel>());

  static call finish(Primitive& p, started a, pawl::stop_token token) {
    const auto waited = co_await p.wait(token);
    if (waited)
      a.returned();
    else
      a.cancelled();
    co_return passed(waited);
  }

  history history_;
  Primitive object_;
  pawl::stop_source stop_;
};

// A call, and then 2 threads of so many operations in all.
template <class Recorded>
void perform_clients(Recorded& r, std::uint32_t operations) {
  const auto client = pawl::check::choose_client(
      {.threads = 2, .operations = operations, .kinds = Recorded::kinds});
  const call waiting = r.wait();
  std::deque<performer<Recorded>> performers;
  for (const auto& each : client) performers.emplace_back(r, each);
  for (auto& each : performers) each.join();
  r.end();
  (void)waiting.result();
  for (const auto& each : performers) each.await_calls();
}

}  // namespace models

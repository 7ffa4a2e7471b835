// What concurrent calls return is what they would return one after the other, in an order that
// respects who came first (spec.hpp): on all small clients.

#include <pawl/check/clients.hpp>

#include <deque>

#include "../performer.hpp"
#include "spec.hpp"

using namespace models;
using pawl::check::choose;
using pawl::check::choose_client;

namespace {

void run_client(unsigned waiting, std::uint32_t operations) {
  const auto client =
      choose_client({.threads = 2, .operations = operations, .kinds = recorded_notify::kinds});
  recorded_notify n;
  std::vector<call> before;
  for (unsigned i = 0; i < waiting; ++i) before.push_back(n.wait());
  std::deque<performer<recorded_notify>> performers;
  for (const auto& each : client) performers.emplace_back(n, each);
  for (auto& each : performers) each.join();
  n.end();
  for (const call& each : before) (void)each.result();
  for (const auto& each : performers) each.await_calls();
}

}  // namespace

PAWL_MODEL("notify.linearizable.clients", "waits, tries and notifications fit a sequential order",
           bounds{.threads = 8, .note = "0 to 2 calls, then 2 threads of 2 operations in all"}) {
  run_client(choose(3), 2);
}

PAWL_MODEL("notify.linearizable.longer_clients", "so do more of them",
           bounds{.threads = 8,
                  .note = "1 call, then 2 threads of 3 operations in all",
                  .full = true}) {
  run_client(1, 3);
}

PAWL_MODEL("notify.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6,
                  .note = "2 calls, one cancelled; a notification meanwhile, another one after"}) {
  recorded_notify n;
  pawl::stop_source stop;
  const bool is_first = choose(2) == 0;
  const call a = is_first ? n.wait(stop.get_token()) : n.wait();
  const call b = is_first ? n.wait() : n.wait(stop.get_token());
  std::vector<call> none;
  together([&] { stop.request_stop(); },
           [&, how = choose(3)] { n.perform(recorded_notify::notifying_one + how, none); });
  n.notify_one();
  n.end();
  (void)a.result();
  (void)b.result();
}

PAWL_MODEL("notify.linearizable.threads", "so do threads that are blocked, and cancelled",
           bounds{.threads = 3, .note = "a thread waits, and is cancelled; notify_one"}) {
  recorded_notify n;
  pawl::stop_source stop;
  together([&] { n.wait_blocking(stop.get_token()); },
           [&] {
             n.notify_one();
             stop.request_stop();
           });
  n.try_wait();
}

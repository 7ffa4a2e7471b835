// What concurrent calls return is what they would return one after the other, in an order that
// respects who came first (spec.hpp): on all small clients.

#include <pawl/check/clients.hpp>

#include <deque>

#include "../performer.hpp"
#include "spec.hpp"

using namespace models;
using pawl::check::choose;
using pawl::check::choose_client;

PAWL_MODEL("semaphore.linearizable.clients", "calls, tries and releases fit a sequential order",
           bounds{
               .threads = 7,
               .note = "0 or 1 permits; a call of 1 or 2, then 2 threads of 3 operations in all: "
                       "calls and tries of 1, releases of 2"}) {
  const auto client =
      choose_client({.threads = 2, .operations = 3, .kinds = recorded_semaphore::kinds});
  recorded_semaphore s(choose(2));
  const call waiting = s.acquire(1 + choose(2));
  std::deque<performer<recorded_semaphore>> performers;
  for (const auto& operations : client) performers.emplace_back(s, operations);
  for (auto& each : performers) each.join();
  s.close();
  (void)waiting.result();
  for (const auto& each : performers) each.await_calls();
}

PAWL_MODEL("semaphore.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6,
                  .note = "0 to 2 permits; a call of 1 or 2, cancelled, and one of 1 behind it; "
                          "a try or release meanwhile, another one after"}) {
  recorded_semaphore s(choose(3));
  pawl::stop_source stop;
  const call a = s.acquire(1 + choose(2), stop.get_token());
  const call b = s.acquire(1);
  const auto one = [&, is_try = choose(2) == 1] { is_try ? s.try_acquire(1) : s.release(1); };
  together([&] { stop.request_stop(); }, one);
  one();
  s.close();
  (void)a.result();
  (void)b.result();
}

PAWL_MODEL("semaphore.linearizable.threads", "so do threads that are blocked, and cancelled",
           bounds{.threads = 4,
                  .note = "1 permit; a thread takes 1 or 2, and is cancelled; one tries 1, and "
                          "gives back 1; a try after"}) {
  recorded_semaphore s(1);
  pawl::stop_source stop;
  const count_t n = 1 + choose(2);
  together([&] { s.acquire_blocking(n, stop.get_token()); },
           [&] {
             s.try_acquire(1);
             s.release(1);
           },
           [&] { stop.request_stop(); });
  s.try_acquire(1);
}

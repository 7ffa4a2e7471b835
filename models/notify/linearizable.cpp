// What concurrent calls return is what they would return one after the other, in an order that
// respects who came first (spec.hpp): on all small clients.

#include <pawl/check/clients.hpp>

#include <deque>

#include "spec.hpp"

using namespace models;
using pawl::check::choose;
using pawl::check::choose_client;

namespace {

enum operation : std::uint32_t { wait_once, try_wait, notify_one, notify_last, notify_all, kinds };

// What a thread of a client does. Its calls may wait for ever.
class performer {
 public:
  performer(recorded_notify& n, const std::vector<std::uint32_t>& operations)
      : notify_(n), thread_([this, &operations] {
          for (const std::uint32_t each : operations) perform(each);
        }) {}

  void join() { thread_.join(); }
  // Precondition: nothing waits any more.
  void await_calls() const {
    for (const call& each : calls_) (void)each.result();
  }

 private:
  void perform(std::uint32_t o) {
    switch (o) {
      case wait_once:
        calls_.push_back(notify_.wait());
        break;
      case try_wait:
        notify_.try_wait();
        break;
      case notify_one:
        notify_.notify_one();
        break;
      case notify_last:
        notify_.notify_last();
        break;
      default:
        notify_.notify_waiters();
    }
  }

  recorded_notify& notify_;
  std::vector<call> calls_;
  pawl::thread thread_;
};

void run_client(unsigned waiting, std::uint32_t operations) {
  const auto client = choose_client({.threads = 2, .operations = operations, .kinds = kinds});
  recorded_notify n;
  std::vector<call> before;
  for (unsigned i = 0; i < waiting; ++i) before.push_back(n.wait());
  std::deque<performer> performers;
  for (const auto& each : client) performers.emplace_back(n, each);
  for (performer& each : performers) each.join();
  n.end();
  for (const call& each : before) (void)each.result();
  for (const performer& each : performers) each.await_calls();
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
  together([&] { stop.request_stop(); },
           [&, how = choose(3)] {
             if (how == 0) return n.notify_one();
             if (how == 1) return n.notify_last();
             n.notify_waiters();
           });
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

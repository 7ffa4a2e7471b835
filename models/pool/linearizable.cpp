// What concurrent calls of a pool return is what they would return one after the other, in an order
// that respects who came first. Which resource is given is no part of it: what is back may be given
// to others a moment before its place is free.

#include <pawl/check/clients.hpp>
#include <pawl/check/linearizable.hpp>

#include <algorithm>
#include <deque>
#include <vector>

#include "calls.hpp"

using namespace models;
using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::choose;
using pawl::check::choose_client;
using pawl::check::ticket;

namespace {

// Places, and who waits for one.
struct pool_spec {
  count_t free = 0;
  std::vector<ticket> queue;

  void request(ticket t) { queue.push_back(t); }
  blocking<> acquire(ticket t) {
    if (free == 0 || queue.front() != t) return blocked;
    queue.erase(queue.begin());
    --free;
    return {};
  }
  void cancel(ticket t) { std::erase(queue, t); }
  // Who is on his way counts as waiting.
  bool try_acquire() {
    if (free == 0 || !queue.empty()) return false;
    --free;
    return true;
  }
  void give_back() { ++free; }

  bool operator==(const pool_spec&) const = default;
};

class recorded_pool {
  using spec = pool_spec;

 public:
  explicit recorded_pool(count_t places)
      : history_(spec{places, {}}), object_(maker(), size(places)) {}

  // The call, which has its place in the queue on return.
  call acquire(pooled& to, pawl::stop_token token) {
    const started a = history_.start<&spec::request, &spec::acquire, &spec::cancel>();
    call c = finish(object_, to, a, token);
    a.requested();
    return c;
  }
  void try_acquire(pooled& to) {
    history_.call<&spec::try_acquire>([&] {
      auto given = object_.try_acquire();
      if (!given) return false;
      to = *std::move(given);
      return true;
    });
  }
  void give_back(pooled& held, bool discards) {
    if (!held) return;
    history_.call<&spec::give_back>([&] { discards ? held.discard() : held.release(); });
  }

 private:
  using history = pawl::check::linearizable<spec>;
  using started =
      decltype(std::declval<history&>().start<&spec::request, &spec::acquire, &spec::cancel>());

  static call finish(pool& p, pooled& to, started a, pawl::stop_token token) {
    auto given = co_await p.acquire(token);
    if (!given) {
      a.cancelled();
      co_return tl::unexpected(given.error());
    }
    to = *std::move(given);
    a.returned();
    co_return 0;
  }

  history history_;
  pool object_;
};

// What a thread does: tries, or calls and waits; and gives back what it has.
enum operation : std::uint32_t { trying, calling, kinds };

void perform(recorded_pool& p, const std::vector<std::uint32_t>& operations, bool discards) {
  for (const std::uint32_t each : operations) {
    pooled mine;
    if (each == trying) {
      p.try_acquire(mine);
    } else {
      const call c = p.acquire(mine, {});
      (void)c.result();
    }
    p.give_back(mine, discards);
  }
}

// All small clients.
void run_client(count_t places, std::uint32_t number) {
  const auto client = choose_client({.threads = 2, .operations = number, .kinds = kinds});
  const bool discards = choose(2) == 0;
  recorded_pool p(places);
  std::deque<pawl::thread> threads;
  for (const auto& operations : client) {
    threads.emplace_back([&] { perform(p, operations, discards); });
  }
  for (pawl::thread& each : threads) each.join();
}

}  // namespace

PAWL_MODEL("pool.linearizable.clients", "calls, tries and returns fit a sequential order",
           bounds{.threads = 5,
                  .note = "1 place; 2 threads of 2 operations in all: calls, tries; each returned "
                          "or discarded"}) {
  run_client(1, 2);
}

PAWL_MODEL("pool.linearizable.clients_3", "so do more of them",
           bounds{.threads = 6,
                  .note = "1 or 2 places; 2 threads of 3 operations in all",
                  .full = true}) {
  run_client(1 + choose(2), 3);
}

PAWL_MODEL("pool.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 5,
                  .note = "1 place, held; a call to be cancelled; it comes back, or a try"}) {
  recorded_pool p(1);
  pooled held, of_a, tried;
  p.try_acquire(held);
  pawl::stop_source stop;
  const call a = p.acquire(of_a, stop.get_token());
  together([&] { stop.request_stop(); },
           [&, tries = choose(2) == 0] {
             if (tries) p.try_acquire(tried);
             if (!tries) p.give_back(held, false);
           });
  (void)a.result();
  p.give_back(held, false);
  p.give_back(of_a, true);
  p.try_acquire(tried);
}

// The semaphore's invariants under Relacy: another simulator, another author, the same source.
//
//   --list                         the suites, each with each scheduler
//   NAME [--expect-conviction]     runs one; with the option, it has to find a bug
//
// Exit code: 0 as expected, 1 not, 2 usage. PAWL_RELACY_ITERATIONS bounds the random scheduler.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/stop_token.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace {

using pawl::errc;
using pawl::semaphore;

template <class Suite, unsigned threads>
struct suite : pawl::simulation<threads>, rl::test_suite<Suite, threads> {};

// SEM-MUTEX(1), SEM-HB: whoever holds the permit has the data to itself.
struct mutual_exclusion : suite<mutual_exclusion, 3> {
  semaphore s{1};
  pawl::cell<int> entered{0};

  void thread(unsigned i) {
    const auto held = i == 2 ? s.try_acquire(1) : s.acquire_blocking(1);
    if (held) entered.write(entered.read() + 1);
  }
  void after() {
    RL_ASSERT(entered.read() >= 2);
    RL_ASSERT(s.available_permits() == 1);
  }
};

// SEM-CONSERVE: whatever is taken, split, merged and returned, in the end the sum is right.
struct conservation : suite<conservation, 3> {
  semaphore s{3};

  void thread(unsigned i) {
    if (i == 0) {
      auto two = s.acquire_blocking(2);
      auto one = two->split(1);
      two->release();
    } else if (i == 1) {
      const auto all = s.acquire_blocking(3);
      RL_ASSERT(all.has_value());
    } else {
      auto one = s.try_acquire(1);
      if (one) std::move(*one).forget();
      s.release(one ? 2 : 1);
    }
  }
  void after() {
    RL_ASSERT(s.available_permits() == 4);
    RL_ASSERT(!s.has_waiters());
  }
};

// SEM-NO-LOST-PERMIT: all go when there is enough for all; otherwise Relacy sees a deadlock.
struct no_lost_permit : suite<no_lost_permit, 3> {
  semaphore s{0};

  void thread(unsigned i) {
    if (i == 2) {
      s.release(1);
      s.release(2);
    } else {
      auto held = s.acquire_blocking(i + 1);
      RL_ASSERT(held->count() == i + 1);
      std::move(*held).forget();
    }
  }
  void after() {
    RL_ASSERT(s.available_permits() == 0);
    RL_ASSERT(!s.has_waiters());
  }
};

// SEM-POISON: everybody learns of it, nobody hangs, and a grant made before stands.
struct poisoning : suite<poisoning, 3> {
  semaphore s{0};
  pawl::cell<bool> granted[2];

  void thread(unsigned i) {
    if (i == 2) {
      s.release(1);
      s.poison();
      RL_ASSERT(s.try_acquire(1).error().code == errc::poisoned);
      return;
    }
    const auto held = s.acquire_blocking(1);
    granted[i].write(held.has_value());
    RL_ASSERT(held || held.error().code == errc::poisoned);
  }
  void after() {
    RL_ASSERT(s.is_poisoned() && !s.has_waiters());
    RL_ASSERT(s.available_permits() == 0);
  }
};

// SEM-CANCEL: who is withdrawn holds nothing, and those behind it go.
struct cancellation : suite<cancellation, 3> {
  semaphore s{0};
  pawl::stop_source stop;

  void thread(unsigned i) {
    if (i == 0) {
      const auto refused = s.acquire_blocking(2, stop.get_token());
      RL_ASSERT(refused.error().code == errc::cancelled);
    } else if (i == 1) {
      const auto held = s.acquire_blocking(1);
      RL_ASSERT(held.has_value());
    } else {
      s.release(1);
      stop.request_stop();
    }
  }
  void after() {
    RL_ASSERT(s.available_permits() == 1);
    RL_ASSERT(!s.has_waiters());
  }
};

// ---- running them -------------------------------------------------------------------------------

rl::iteration_t iterations() {
  const char* const wanted = std::getenv("PAWL_RELACY_ITERATIONS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 100000;
}

// Returns: whether it found no bug.
template <class Suite>
bool run(rl::scheduler_type_e scheduler) {
  rl::test_params parameters;
  parameters.search_type = scheduler;
  parameters.iteration_count = iterations();
  parameters.context_bound = 1;
  return rl::simulate<Suite>(parameters);
}

struct entry {
  std::string_view name;
  bool (*run)(rl::scheduler_type_e);
  rl::scheduler_type_e scheduler;
};

constexpr std::array entries{
    entry{"semaphore.mutual_exclusion.random", &run<mutual_exclusion>, rl::sched_random},
    entry{"semaphore.mutual_exclusion.bounded", &run<mutual_exclusion>, rl::sched_bound},
    entry{"semaphore.conservation.random", &run<conservation>, rl::sched_random},
    entry{"semaphore.conservation.bounded", &run<conservation>, rl::sched_bound},
    entry{"semaphore.no_lost_permit.random", &run<no_lost_permit>, rl::sched_random},
    entry{"semaphore.no_lost_permit.bounded", &run<no_lost_permit>, rl::sched_bound},
    entry{"semaphore.poisoning.random", &run<poisoning>, rl::sched_random},
    entry{"semaphore.poisoning.bounded", &run<poisoning>, rl::sched_bound},
    entry{"semaphore.cancellation.random", &run<cancellation>, rl::sched_random},
    entry{"semaphore.cancellation.bounded", &run<cancellation>, rl::sched_bound},
};

}  // namespace

int main(int argc, char** argv) {
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  const bool expect_bug = argc == 3 && std::string_view(argv[2]) == "--expect-conviction";
  if (wanted == "--list") {
    for (const entry& each : entries) std::cout << each.name << '\n';
    return 0;
  }
  for (const entry& each : entries) {
    if (each.name == wanted) return each.run(each.scheduler) != expect_bug ? 0 : 1;
  }
  std::cerr << "usage: " << argv[0] << " --list | NAME [--expect-conviction]\n";
  return 2;
}

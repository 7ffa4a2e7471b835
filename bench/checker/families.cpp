#include "families.hpp"

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>

#include <array>
#include <cstddef>

namespace {

using pawl::atomic;
using pawl::thread;
using std::size_t;

constexpr auto relaxed = pawl::memory_order_relaxed;
constexpr auto acquire = pawl::memory_order_acquire;
constexpr auto release = pawl::memory_order_release;

// Runs body(i) on a thread of its own for each i from 0 to N - 1.
template <size_t N, class Body>
void on_threads(const Body& body) {
  std::array<thread, N> threads;
  for (size_t i = 0; i < N; ++i) threads[i] = thread([&body, i] { body(i); });
  for (thread& each : threads) each.join();
}

int power_of_two(size_t i) { return 1 << i; }

// ---- read-modify-writes -------------------------------------------------------------------------

template <size_t N, size_t Locations>
void increments() {
  std::array<atomic<int>, Locations> x{};
  on_threads<N>([&](size_t) {
    for (atomic<int>& each : x) each.fetch_add(1, relaxed);
  });
}

// Thread i takes x from i to i + 1, if it comes at the right time.
template <size_t N>
void rotating_cas() {
  atomic<int> x{0};
  on_threads<N>([&](size_t i) {
    int expected = static_cast<int>(i);
    x.compare_exchange_strong(expected, static_cast<int>(i) + 1, relaxed, relaxed);
  });
}

template <size_t N>
void cas_then_store() {
  atomic<int> x{0};
  on_threads<N>([&](size_t i) {
    int expected = 0;
    x.compare_exchange_strong(expected, 1, relaxed, relaxed);
    x.store(static_cast<int>(i) + 3, release);
  });
}

template <size_t N>
void cas_after_store() {
  atomic<int> x{0};
  on_threads<N + 1>([&](size_t i) {
    if (i == 0) {
      x.store(2, release);
    } else {
      int expected = 2;
      x.compare_exchange_strong(expected, 3, relaxed, relaxed);
    }
  });
}

template <size_t N>
void indexer() {
  constexpr size_t slots = 128;
  std::array<atomic<int>, slots> table{};
  on_threads<N>([&](size_t t) {
    for (int i = 1; i <= 4; ++i) {
      const int w = i * 11 + static_cast<int>(t);
      size_t slot = static_cast<size_t>(w) * 7 % slots;
      int expected = 0;
      while (
          !table[slot].compare_exchange_strong(expected, w, pawl::memory_order_acq_rel, acquire)) {
        slot = (slot + 1) % slots;
        expected = 0;
      }
    }
  });
}

// ---- loads and stores ---------------------------------------------------------------------------

template <size_t N>
void load_then_store() {
  atomic<int> x{0};
  on_threads<N>([&](size_t i) { x.store(x.load(relaxed) + power_of_two(i), release); });
}

template <size_t N>
void load_and_store() {
  atomic<int> x{0};
  on_threads<N>([&](size_t i) {
    (void)x.load(relaxed);
    x.store(static_cast<int>(i), release);
  });
}

template <size_t N>
void readers() {
  atomic<int> x{0};
  on_threads<N + 1>([&](size_t i) {
    if (i == 0) {
      x.store(1, release);
    } else {
      (void)x.load(acquire);
    }
  });
}

template <size_t N>
void last_zero() {
  std::array<atomic<int>, N + 1> a{};
  on_threads<N + 1>([&](size_t j) {
    if (j == 0) {
      for (size_t i = N; a[i].load(acquire) != 0; --i) {}
    } else {
      a[j].store(a[j - 1].load(acquire) + 1, release);
    }
  });
}

void fibonacci() {
  atomic<int> x{1}, y{1};
  const auto add = [&](atomic<int>& to) {
    for (int i = 0; i < 5; ++i) {
      const int a = x.load(acquire), b = y.load(acquire);
      to.store(a + b, release);
    }
  };
  on_threads<3>([&](size_t i) {
    if (i == 0) {
      add(x);
    } else if (i == 1) {
      add(y);
    } else {
      const bool small = x.load(acquire) <= 144 && y.load(acquire) <= 144;
      pawl::check::require(small);
    }
  });
}

// ---- waiting ------------------------------------------------------------------------------------

template <size_t N>
void locked_increments() {
  atomic<int> lock{0}, x{0};
  on_threads<N>([&](size_t) {
    pawl::spin_update(lock, [](int v) { return v == 0; }, [](int) { return 1; }, acquire);
    x.store(x.load(relaxed) + 1, relaxed);
    lock.store(0, release);
  });
}

}  // namespace

std::span<const family> families() {
  static constexpr family all[] = {
      {"ainc 9", increments<9, 1>, 362880, 39019},
      {"binc 6", increments<6, 2>, 518400, 37161},
      {"cinc 5", increments<5, 3>, 1728000, 37153},
      {"inc 6", load_then_store<6>, 518400, 201712},
      {"rw 6", load_and_store<6>, 518400, 209032},
      {"readers 17", readers<17>, 131072, 30341},
      {"lastzero 15", last_zero<15>, 147456, 29142},
      {"casrot 12", rotating_cas<12>, 919146, 189125},
      {"casw 6", cas_then_store<6>, 1270080, 212744},
      {"wcas 16", cas_after_store<16>, 524289, 142084},
      {"indexer 16", indexer<16>, 32768, 2511},
      {"fib_bench", fibonacci, 525630, 241115},
      {"lockinc 9", locked_increments<9>, 362880, 16831},
  };
  return all;
}

// casw n has n!² · (1 + 1/2 + … + 1/n) executions: whose compare-and-swap succeeds, the order of
// the n stores, and, for each of the others, one of the stores before its own to read.
std::span<const family> wide_families() {
  static constexpr family all[] = {
      {"readers 21", readers<21>, 2097152, 0},    {"wcas 18", cas_after_store<18>, 2359297, 0},
      {"casw 7", cas_then_store<7>, 65862720, 0}, {"ainc 10", increments<10, 1>, 3628800, 0},
      {"cinc 5", increments<5, 3>, 1728000, 0},
  };
  return all;
}

family endless_family() { return {"inc 7", load_then_store<7>, 25401600, 0}; }

void tiny_program() {
  atomic<int> x{0}, y{0};
  std::array<int, 2> seen{};
  on_threads<2>([&](size_t i) {
    (i == 0 ? x : y).store(1, release);
    seen[i] = (i == 0 ? y : x).load(acquire);
  });
  pawl::check::require(seen[0] + seen[1] <= 2, "a bit each");
}

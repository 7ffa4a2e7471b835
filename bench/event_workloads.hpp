#pragma once
// What tasks and threads do with events and latches.

#include <pawl/sync/auto_reset_event.hpp>
#include <pawl/sync/manual_reset_event.hpp>
#include <pawl/sync/wait_group.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <semaphore>
#include <thread>

#include "workloads.hpp"

namespace workloads::events {

inline void load_limit(State& state) {
  const std::atomic<bool> is_set{true};
  repeat(state, [&] { benchmark::DoNotOptimize(is_set.load(std::memory_order_acquire)); });
}

inline pawl::task<> wait_repeatedly(State& state, pawl::manual_reset_event& e) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) static_cast<void>(co_await e.wait());
  }
}

inline void wait_for_set_event(State& state) {
  pawl::manual_reset_event e(true);
  pawl::sync_wait(wait_repeatedly(state, e));
}

// What an event is in std: a flag, and those who wait for it to change.
class std_event {
 public:
  explicit std_event(bool is_set = false) : flag_(is_set) {}

  void set() {
    if (!flag_.exchange(true, std::memory_order_release)) flag_.notify_all();
  }
  bool reset() { return flag_.exchange(false, std::memory_order_acquire); }
  void wait_blocking() const { flag_.wait(false, std::memory_order_acquire); }

 private:
  std::atomic<bool> flag_;
};

template <class Event>
void set_and_reset(State& state) {
  Event e;
  repeat(state, [&] {
    e.set();
    benchmark::DoNotOptimize(e.reset());
  });
}

template <class Event>
void wait_blocking_for_set_event(State& state) {
  Event e(true);
  repeat(state, [&] { static_cast<void>(e.wait_blocking()); });
}

inline void set_and_pass(State& state) {
  pawl::auto_reset_event e;
  repeat(state, [&] {
    e.set();
    static_cast<void>(e.try_wait());
  });
}

inline void std_release_and_acquire(State& state) {
  std::binary_semaphore s(0);
  repeat(state, [&] {
    s.release();
    static_cast<void>(s.try_acquire());
  });
}

// Two additions to a word.
inline void add_limit(State& state) {
  std::atomic<std::uint64_t> word{0};
  repeat(state, [&] {
    word.fetch_add(1, std::memory_order_relaxed);
    word.fetch_sub(1, std::memory_order_acq_rel);
  });
}

inline void add_and_done(State& state) {
  pawl::wait_group g;
  repeat(state, [&] {
    g.add();
    g.done();
  });
}

inline void add_and_done_together(State& state) {
  static pawl::wait_group g;
  repeat(state, [&] {
    g.add();
    g.done();
  });
}

template <class Latch>
void count_down(State& state) {
  while (state.KeepRunningBatch(batch)) {
    Latch l(batch);
    for (int i = 0; i < batch; ++i) l.count_down();
    benchmark::DoNotOptimize(l.try_wait());
  }
}

// What happens once: made, brought about, and waited for.
template <class Once, class Set, class Wait>
void happens_once(State& state, Set set, Wait wait) {
  repeat(state, [&] {
    Once once;
    set(*once);
    wait(*once);
  });
}

// Something that is made anew to happen again. It begins with what is expected, if that is to be
// told.
template <class Once, auto... expected>
class made_anew {
 public:
  Once& operator*() { return *once_; }
  void renew() { once_.emplace(expected...); }

 private:
  std::optional<Once> once_{std::in_place, expected...};
};

// Two threads let each other pass in turn: `set` and `wait` are those of an event.
template <class Event, class Set, class Wait>
void threads_ping_pong(State& state, Set set, Wait wait) {
  Event ping{}, pong{};
  std::atomic<bool> is_over{false};
  std::thread other([&] {
    for (;;) {
      wait(ping);
      if (is_over.load(std::memory_order_relaxed)) return;
      set(pong);
    }
  });
  for ([[maybe_unused]] auto _ : state) {
    set(ping);
    wait(pong);
  }
  is_over.store(true, std::memory_order_relaxed);
  set(ping);
  other.join();
}

// The same of what happens once.
template <class Once, class Set, class Wait>
void threads_ping_pong_once(State& state, Set set, Wait wait) {
  threads_ping_pong<Once>(
      state, [set](auto& e) { set(*e); },
      [wait](auto& e) {
        wait(*e);
        e.renew();
      });
}

template <class Event>
void manual_ping_pong(State& state) {
  threads_ping_pong<Event>(
      state, [](auto& e) { e.set(); },
      [](auto& e) {
        static_cast<void>(e.wait_blocking());
        e.reset();
      });
}

inline void group_ping_pong(State& state) {
  struct one_in_progress : pawl::wait_group {
    one_in_progress() : wait_group(1) {}
  };
  threads_ping_pong<one_in_progress>(
      state, [](auto& g) { g.done(); },
      [](auto& g) {
        static_cast<void>(g.wait_blocking());
        g.add();
      });
}

inline void event_ping_pong(State& state) {
  threads_ping_pong<pawl::auto_reset_event>(
      state, [](auto& e) { e.set(); }, [](auto& e) { static_cast<void>(e.wait_blocking()); });
}

// ---- tasks --------------------------------------------------------------------------------------

inline pawl::task<> pass_each(const bool& is_over, pawl::manual_reset_event& mine,
                              pawl::manual_reset_event& others) {
  for (;;) {
    static_cast<void>(co_await mine.wait());
    if (is_over) break;
    mine.reset();
    others.set();
  }
}

inline pawl::task<> pass_first(State& state, bool& is_over, pawl::manual_reset_event& mine,
                               pawl::manual_reset_event& others) {
  for ([[maybe_unused]] auto _ : state) {
    others.set();
    static_cast<void>(co_await mine.wait());
    mine.reset();
  }
  is_over = true;
  others.set();
}

inline void manual_hand_over(State& state) {
  pawl::manual_reset_event ping, pong;
  bool is_over = false;
  run_together(pass_each(is_over, ping, pong), pass_first(state, is_over, pong, ping));
}

// ---- many waiters -------------------------------------------------------------------------------

inline void manual_cancel_one(State& state, std::size_t waiters) {
  pawl::manual_reset_event e;
  cancel_one_of(state, waiters, [&e](pawl::stop_token t) { return e.wait(t); });
}

}  // namespace workloads::events

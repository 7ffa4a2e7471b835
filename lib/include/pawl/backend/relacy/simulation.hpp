#pragma once
// Relacy backend: what the library needs to have for each thread.
//
// Relacy's threads are those of the running test suite; nobody can start one. A suite of n threads
// derives from simulation<n> as well, first, so that each iteration begins with fresh parkers and
// fresh thread-local values:
//
//   struct suite : pawl::simulation<2>, rl::test_suite<suite, 2> { void thread(unsigned); … };

#include <pawl/backend/relacy/clock.hpp>
#include <pawl/backend/relacy/engine.hpp>

#include <cstdint>
#include <type_traits>

PAWL_BEGIN

inline constexpr unsigned most_threads = 8;

class parker;

namespace detail {

// The iteration in progress.
struct current_run {
  static inline std::uint64_t number = 0;
  static inline parker* parkers = nullptr;  // as many as threads
};

}  // namespace detail

// Blocking is an auto-reset event.
class parker {
 public:
  parker() { event_.init(false, false, detail::debug_info(source_location::current())); }
  ~parker() { event_.deinit(detail::debug_info(source_location::current())); }
  parker(const parker&) = delete;
  parker& operator=(const parker&) = delete;

  static parker& current() noexcept { return detail::current_run::parkers[detail::thread_index()]; }

  void park(source_location at = source_location::current()) noexcept {
    event_.wait(false, false, detail::debug_info(at));
  }
  [[nodiscard]] bool park_until(steady_clock::time_point,
                                source_location at = source_location::current()) noexcept {
    return event_.wait(false, true, detail::debug_info(at)) != rl::sema_wakeup_reason_timeout;
  }
  void unpark(source_location at = source_location::current()) noexcept {
    event_.set(detail::debug_info(at));
  }

 private:
  rl::generic_event event_;
};

template <class T>
class thread_slot {
 public:
  static T& get() noexcept {
    static_assert(std::is_trivially_destructible_v<T>, "a slot is dropped, not destroyed");
    entry& mine = entries_[detail::thread_index()];
    if (mine.run != detail::current_run::number) mine = {detail::current_run::number, T{}};
    return mine.value;
  }

 private:
  struct entry {
    std::uint64_t run = 0;
    T value{};
  };
  static inline constinit entry entries_[most_threads]{};
};

template <unsigned threads>
class simulation {
  static_assert(threads <= most_threads);

 protected:
  simulation() noexcept {
    ++detail::current_run::number;
    detail::current_run::parkers = parkers_;
  }
  ~simulation() = default;

 private:
  parker parkers_[threads];
};

namespace this_thread {

using id = rl::thread_id_t;

inline id get_id() noexcept { return detail::thread_index(); }
inline void yield(source_location at = source_location::current()) noexcept {
  rl::yield(1, detail::debug_info(at));
}

}  // namespace this_thread

PAWL_END

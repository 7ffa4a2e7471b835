// std::barrier, as the checker models it.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <pawl/check/runtime.hpp>

namespace pawl::check {

namespace sync {

// A barrier is one word, whose initial value is how many are expected. With `ordered`, the phase
// after one that has ended begins at open_next().

/// Effects: n arrive; with `drops`, later phases expect one fewer.
/// Returns: the phase that they belong to, from 0; and, where arrivals are ordered, whether they
/// end it. Misuse: there are more of them than the phase has left.
std::pair<rt::word, bool> arrive(rt::atomic_object&, std::ptrdiff_t n, bool drops, bool ordered,
                                 rt::site);
void open_next(rt::atomic_object&, rt::site);
/// Effects: waits until the phase has ended.
void await_end_of(rt::word phase, const rt::atomic_object&, bool ordered, rt::site);

}  // namespace sync

namespace detail {

/// The core of a barrier, without completion function: what arrives, and what waits for a phase.
class phases {
 public:
  using where = std::source_location;

  phases(std::ptrdiff_t expected, where at);
  phases(const phases&) = delete;
  ~phases();

  static constexpr std::ptrdiff_t max() noexcept { return 0xffff; }

  [[nodiscard]] rt::atomic_object& object() { return state_; }
  [[nodiscard]] const rt::atomic_object& object() const { return state_; }

 private:
  rt::atomic_object state_;
};

struct no_completion {
  void operator()() const noexcept {}
};

}  // namespace detail

/// A meeting place of as many threads as expected, phase after phase.
///
/// Arrivals of a phase are not ordered among themselves: n threads that meet have one execution.
/// They are, with n! executions, if there is a completion function, which the last to arrive calls;
/// and if more threads arrive than a phase expects, so that their order decides who belongs to it.
/// Misuse, which is reported: more arrivals than the phase has left; destroying it while a call may
/// still be in progress.
template <class CompletionFunction = detail::no_completion>
class barrier {
  static constexpr bool is_ordered = !std::is_same_v<CompletionFunction, detail::no_completion>;

 public:
  using where = std::source_location;

  /// Proves that one has arrived, for wait().
  class [[nodiscard]] arrival_token {
   public:
    arrival_token(arrival_token&&) noexcept = default;
    arrival_token& operator=(arrival_token&&) noexcept = default;

   private:
    friend class barrier;
    explicit arrival_token(rt::word phase) : phase_(phase) {}
    rt::word phase_;
  };

  static constexpr std::ptrdiff_t max() noexcept { return detail::phases::max(); }

  explicit barrier(std::ptrdiff_t expected, CompletionFunction f = {}, where at = where::current())
      : phases_(expected, at), completion_(std::move(f)) {}

  /// Effects: arrives n times at the current phase. Memory order: release.
  arrival_token arrive(std::ptrdiff_t n = 1, where at = where::current()) {
    return arrival_token(arrive(n, false, at));
  }
  /// Effects: blocks until the phase of the token has ended. Memory order: acquires all that
  ///   arrived in it, and the completion function.
  void wait(arrival_token&& token, where at = where::current()) const {
    sync::await_end_of(token.phase_, phases_.object(), is_ordered, at);
  }
  void arrive_and_wait(where at = where::current()) { wait(arrive(1, at), at); }
  /// Effects: arrives; later phases expect one fewer.
  void arrive_and_drop(where at = where::current()) { arrive(1, true, at); }

 private:
  rt::word arrive(std::ptrdiff_t n, bool drops, where at) {
    const auto [phase, ends] = sync::arrive(phases_.object(), n, drops, is_ordered, at);
    if constexpr (is_ordered) {
      if (ends) {
        completion_();
        sync::open_next(phases_.object(), at);
      }
    }
    return phase;
  }

  detail::phases phases_;
  [[no_unique_address]] CompletionFunction completion_;
};

barrier(std::ptrdiff_t) -> barrier<>;

}  // namespace pawl::check

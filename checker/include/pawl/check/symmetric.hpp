// Threads that are declared identical, and explored once up to permutation.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <pawl/check/runtime.hpp>

namespace pawl::check {

/// Threads that all call one function without arguments, and are joined together.
///
/// Of the executions that differ only in which of them does what, one is explored: n threads that
/// increment a counter have one execution, not n!. If they start threads of their own, it may be
/// more than one. So the function must not find out which thread
/// it runs on, and nothing may tell the threads apart but the order of what they do. What is found
/// of one of them may happen to each. `--no-symmetry` explores all executions.
template <class F>
class [[nodiscard("join it")]] symmetric_threads {
 public:
  using where = std::source_location;

  /// Effects: starts n threads that call f. They share it.
  explicit symmetric_threads(std::size_t n, F f, where at = where::current())
      : f_(std::move(f)), n_(n) {
    if (n > threads_.size()) rt::misuse("more threads than the checker has are started", at);
    rt::spawn_symmetric(
        static_cast<std::uint32_t>(n), [](void* self) { (*static_cast<const F*>(self))(); }, &f_,
        threads_.data(), at);
  }
  symmetric_threads(const symmetric_threads&) = delete;
  symmetric_threads& operator=(const symmetric_threads&) = delete;
  ~symmetric_threads() {
    if (n_ > 0) rt::misuse("identical threads are not joined", where::current());
  }

  /// Effects: waits until all of them have ended.
  void join(where at = where::current()) {
    const std::size_t n = std::exchange(n_, 0);
    for (std::size_t i = 0; i < n; ++i) rt::join(threads_[i], at);
  }

 private:
  F f_;
  std::size_t n_;
  std::array<rt::thread_id, rt::max_threads> threads_{};
};

/// Starts n threads that call f; see symmetric_threads.
template <class F>
[[nodiscard("join it")]] symmetric_threads<F> spawn_symmetric(
    std::size_t n, F f, std::source_location at = std::source_location::current()) {
  return symmetric_threads<F>(n, std::move(f), at);
}

}  // namespace pawl::check

// The same work for ours and for others.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace peers {

using benchmark::State;

struct contestant {
  std::string name;  ///< The first is ours.
  std::function<void(State&)> run;
};

/// The name of what is no contestant: what the machine needs for the least that any of them does.
inline constexpr const char* limit = "limit";

/// A row of the table. Contests make themselves known when they are constructed.
struct contest {
  contest(std::string what_they_do, std::string difference, std::vector<contestant> all,
          int number_of_threads = 1);

  std::string workload;  ///< Of "2 threads", real time is taken, and no instructions are counted.
  std::string why;       ///< Why ours is not faster, should it not be; may be empty.
  std::vector<contestant> contestants;
  int threads;
};

/// All contests of the program.
std::vector<const contest*>& contests();

/// A workload of the Rust library, which executes the operation n times.
template <void (*Workload)(std::uint64_t n)>
void rust(State& state) {
  constexpr std::uint64_t n = 4096;  // so that the start of its runtime counts for nothing
  while (state.KeepRunningBatch(n)) Workload(n);
}

/// Why ours is not faster where one of many leaves, and joins again.
inline constexpr const char* leaving_is_a_request =
    "Ours takes 9 locked instructions, tokio 9 to 11, but twice as many in all: a stop "
    "request may come from any thread, and no call of ours blocks another, so that leaving "
    "is a request to whoever has the queue, and a word of the wait says what became of it. "
    "And a coroutine that is cancelled is resumed to be told, where a future is dropped. "
    "Of 100000 waiters most are not in the cache, where a wait of ours has 200 bytes and "
    "tokio's 96.";

/// Contests in which one of 10, 1000 and 100000 waiters leaves, out of the middle of the queue, and
/// joins again: ours, and those of a queue of the Rust library, by its functions for it.
template <auto Make, auto Cancel, auto Destroy>
class leaving {
 public:
  /// `lock` and `who`: "mutex", "waiters".
  leaving(const std::string& lock, const std::string& who, void (*ours)(State&, std::size_t),
          const std::string& why = leaving_is_a_request)
      : few_(make(lock, who, 10, ours, why)),
        many_(make(lock, who, 1000, ours, why)),
        most_(make(lock, who, 100000, ours, why)) {}

 private:
  static contest make(const std::string& lock, const std::string& who, std::size_t n,
                      void (*ours)(State&, std::size_t), const std::string& why) {
    return {lock + ", one of " + std::to_string(n) + " " + who + " leaves and joins again",
            why,
            {{"pawl", [n, ours](State& state) { ours(state, n); }},
             {"tokio", [n](State& state) { tokio(state, n); }}}};
  }

  static void tokio(State& state, std::uint64_t waiters) {
    constexpr std::uint64_t n = 256;
    auto* const queue = Make(waiters);
    while (state.KeepRunningBatch(n)) Cancel(queue, n);
    Destroy(queue);
  }

  contest few_, many_, most_;
};

}  // namespace peers

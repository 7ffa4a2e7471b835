// A task that never has to wait, on one thread with another one that wants to say something.
#include <iostream>
#include <pawl/sync/mutex.hpp>
#include <pawl/task/budget.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>

// Nobody else locks it: each lock is free at once.
pawl::task<> count_primes(pawl::mutex<unsigned>& found, unsigned up_to, const bool& enough) {
  for (unsigned n = 2; n <= up_to && !enough; ++n) {
    unsigned divisor = 2;
    while (divisor * divisor <= n && n % divisor != 0) ++divisor;
    if (divisor * divisor <= n) continue;
    const auto count = co_await pawl::cooperative(found.lock());
    ++**count;
  }
}

pawl::task<> stop(bool& enough) {
  enough = true;
  co_return;
}

int main() {
  pawl::run_loop loop;
  pawl::mutex<unsigned> found(0U);
  bool enough = false;
  const auto counting = pawl::spawn(loop, count_primes(found, 1'000'000, enough));
  const auto stopping = pawl::spawn(loop, stop(enough));
  loop.finish();
  loop.run();
  std::cout << found.unguarded() << " primes\n";
}

// Latches, barriers and semaphores: no more executions than there are orders that matter.
// expect -DLATCH: PASS complete=1 blocked=0
// expect -DBARRIER: PASS complete=1 blocked=0
// expect -DCOMPLETION: PASS complete=6 blocked=0
// expect -DSEMAPHORE: PASS complete=6 blocked=0
#include <barrier>
#include <cassert>
#include <chrono>
#include <latch>
#include <semaphore>
#include <thread>
#include <vector>

constexpr int n = 3;
int done[n], sum, phases;

#ifdef LATCH
std::latch all(n);
#endif

int main() {
#ifdef BARRIER
  std::barrier all(n);
#endif
#ifdef COMPLETION
  std::barrier all(n, []() noexcept { ++phases; });
#endif
#ifdef SEMAPHORE
  std::counting_semaphore<2> all(1);
#endif
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i)
    threads.emplace_back([&, i] {
#ifdef SEMAPHORE
      all.acquire();
      ++sum;
      all.release();
#else
      done[i] = 1;
      all.arrive_and_wait();
      int count = 0;
      for (const int d : done) count += d;
      assert(count == n);
#endif
    });
  for (auto& t : threads) t.join();
#ifdef COMPLETION
  assert(phases == 1);
#endif
#ifdef SEMAPHORE
  assert(sum == n);
  assert(all.try_acquire() && !all.try_acquire());
  assert(!all.try_acquire_for(std::chrono::seconds(1)));
  all.release(2);
#endif
}

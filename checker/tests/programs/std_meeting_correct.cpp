// Latches, barriers and semaphores: no more executions than there are orders that matter.
// expect latch: PASS complete=1 blocked=0
// expect barrier: PASS complete=1 blocked=0
// expect completion: PASS complete=6 blocked=0
// expect semaphore: PASS complete=6 blocked=0
#include <barrier>
#include <cassert>
#include <chrono>
#include <latch>
#include <semaphore>
#include <string_view>
#include <thread>
#include <vector>

constexpr int n = 3;
int done[n], sum, phases;

std::latch static_latch(n);
std::counting_semaphore<2> static_semaphore(1);

template <class Body>
void run(Body body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i) threads.emplace_back(body, i);
  for (auto& t : threads) t.join();
}

template <class Meeting>
void meet_at(Meeting& all) {
  run([&](int i) {
    done[i] = 1;
    all.arrive_and_wait();
    int count = 0;
    for (const int d : done) count += d;
    assert(count == n);
  });
}

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  if (how == "latch") {
    meet_at(static_latch);
  } else if (how == "barrier") {
    std::barrier all(n);
    meet_at(all);
  } else if (how == "completion") {
    std::barrier all(n, []() noexcept { ++phases; });
    meet_at(all);
    assert(phases == 1);
  } else {
    auto& all = static_semaphore;
    run([&](int) {
      all.acquire();
      ++sum;
      all.release();
    });
    assert(sum == n);
    assert(all.try_acquire() && !all.try_acquire());
    assert(!all.try_acquire_for(std::chrono::seconds(1)));
    all.release(2);
  }
}

// expect -DLATCH: FAIL deadlock: latch
// expect -DLATCH_TWICE: FAIL misuse: latch
// expect -DBARRIER: FAIL deadlock: where 1 of 2 have arrived
// expect -DSEMAPHORE: FAIL misuse: exceeds the maximum
// expect -DDESTROYED: FAIL data_race: main frees
#include <barrier>
#include <latch>
#include <memory>
#include <semaphore>
#include <thread>

std::latch the_latch(2);
std::barrier the_barrier(2);
std::binary_semaphore the_semaphore(1);

int main() {
  std::thread t([] {
#if defined(LATCH) || defined(LATCH_TWICE)
    the_latch.count_down();
#endif
#ifdef BARRIER
    the_barrier.arrive_and_wait();
#endif
  });
#ifdef LATCH
  the_latch.wait();
#endif
#ifdef LATCH_TWICE
  the_latch.count_down(2);
#endif
#ifdef SEMAPHORE
  the_semaphore.release();
#endif
#ifdef DESTROYED
  auto all = std::make_unique<std::latch>(1);
  std::thread u([&l = *all] { l.count_down(); });
  all.reset();
  u.join();
#endif
  t.join();
}

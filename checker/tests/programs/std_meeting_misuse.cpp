// expect latch: FAIL deadlock: 1 of 2 have arrived
// expect latch_twice: FAIL misuse: latch
// expect barrier: FAIL deadlock: 1 of 2 have arrived
// expect semaphore: FAIL misuse: exceeds the maximum of
// expect destroyed: FAIL data_race: main frees
#include <barrier>
#include <latch>
#include <memory>
#include <semaphore>
#include <string_view>
#include <thread>

std::latch the_latch(2);
std::barrier the_barrier(2);
std::binary_semaphore the_semaphore(1);

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  if (how == "latch") {
    std::thread t([] { the_latch.arrive_and_wait(); });
    t.join();
  } else if (how == "latch_twice") {
    std::thread t([] { the_latch.count_down(); });
    the_latch.count_down(2);
    t.join();
  } else if (how == "barrier") {
    std::thread t([] { the_barrier.arrive_and_wait(); });
    t.join();
  } else if (how == "semaphore") {
    the_semaphore.release();
  } else {
    auto all = std::make_unique<std::latch>(1);
    std::thread t([&l = *all] { l.count_down(); });
    all.reset();
    t.join();
  }
}

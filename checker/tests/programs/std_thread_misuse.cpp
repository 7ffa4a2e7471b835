// expect -DNOT_JOINED: FAIL exception: main called std::terminate
// expect -DTHROWS: FAIL exception: an exception left thread 1: lost
// expect -DRACE: FAIL data_race: x
#include <stdexcept>
#include <thread>

int x;

int main() {
  std::thread t([] {
#ifdef THROWS
    throw std::runtime_error("lost");
#endif
    x = 1;
  });
#ifdef RACE
  x = 2;
#endif
#ifndef NOT_JOINED
  t.join();
#endif
}

// Thread-local variables that are given to others are shared, whoever owns them.
// expect -DTHREADS: FAIL data_race: thread 2 writes
// expect -DFIRST: FAIL data_race: thread 1 writes
#include <atomic>
#include <cassert>
#include <thread>

thread_local int mine;
std::atomic<int*> posted;

void post() {
  posted.store(&mine, std::memory_order_release);
  mine = 1;
}

void take() {
  if (int* const p = posted.load(std::memory_order_acquire)) *p = 2;
}

int main() {
#ifdef FIRST
  std::thread taking(take);
  post();
  taking.join();
#else
  std::thread posting(post), taking(take);
  posting.join();
  taking.join();
#endif
}

// expect -DRELAXED: FAIL data_race: data
// expect -DFOR_EVER: FAIL deadlock: ready
#include <atomic>
#include <thread>

int data;
std::atomic<int> ready;

int main() {
  std::thread t([] {
    data = 1;
#ifdef RELAXED
    ready.store(1, std::memory_order_release);
#endif
    ready.notify_one();
  });
  ready.wait(0, std::memory_order_relaxed);
  data = 2;
  t.join();
}

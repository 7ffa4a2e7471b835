// Waits of atomic objects, one event each, with the order that they ask for.
// expect: PASS complete=1 blocked=0
// expect -DFLAG: PASS complete=1 blocked=0
// expect -DREF: PASS complete=1 blocked=0
#include <atomic>
#include <cassert>
#include <thread>

int data;
std::atomic<int> ready;
std::atomic_flag flag;
alignas(4) int plain;

int main() {
  std::thread t([] {
    data = 1;
#if defined(FLAG)
    flag.test_and_set(std::memory_order_release);
    flag.notify_one();
#elif defined(REF)
    std::atomic_ref(plain).store(1, std::memory_order_release);
    std::atomic_ref(plain).notify_all();
#else
    ready.store(1, std::memory_order_release);
    ready.notify_one();
#endif
  });
#if defined(FLAG)
  flag.wait(false, std::memory_order_acquire);
#elif defined(REF)
  std::atomic_ref(plain).wait(0, std::memory_order_acquire);
#else
  ready.wait(0, std::memory_order_acquire);
#endif
  assert(data == 1);
  t.join();
}

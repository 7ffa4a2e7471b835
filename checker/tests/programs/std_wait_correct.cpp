// Waits of atomic objects, one event each, with the order that they ask for.
// expect object: PASS complete=1 blocked=0
// expect flag: PASS complete=1 blocked=0
// expect ref: PASS complete=1 blocked=0
#include <atomic>
#include <cassert>
#include <string_view>
#include <thread>

int data;
std::atomic<int> ready;
std::atomic_flag flag;
int plain;

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  std::thread t([how] {
    data = 1;
    if (how == "flag") {
      flag.test_and_set(std::memory_order_release);
      flag.notify_one();
    } else if (how == "ref") {
      std::atomic_ref(plain).store(1, std::memory_order_release);
      std::atomic_ref(plain).notify_all();
    } else {
      ready.store(1, std::memory_order_release);
      ready.notify_one();
    }
  });
  if (how == "flag")
    flag.wait(false, std::memory_order_acquire);
  else if (how == "ref")
    std::atomic_ref(plain).wait(0, std::memory_order_acquire);
  else
    ready.wait(0, std::memory_order_acquire);
  assert(data == 1);
  t.join();
}

// Each thread has its own, and destroys it at its end.
// expect: PASS complete=2 blocked=0
#include <atomic>
#include <cassert>
#include <memory>
#include <thread>

std::atomic<int> destroyed;
thread_local int count = 5;
thread_local std::unique_ptr<int> owned;

struct noted {
  int value = 1;
  ~noted() { destroyed.fetch_add(value, std::memory_order_relaxed); }
};
thread_local noted n;

void use() {
  assert(count == 5 && owned == nullptr);
  ++count;
  owned = std::make_unique<int>(count);
  n.value = 1;
}

int main() {
  std::thread one(use), two(use);
  one.join();
  two.join();
  assert(count == 5);
  std::thread three(use);
  three.join();
  assert(destroyed == 3);
}

// Numbers at random are the same in every execution.
// expect: PASS complete=4 blocked=0
#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

std::atomic<int> x, y;

int main() {
  std::random_device device;
  std::mt19937 generator(device());
  const auto value = static_cast<int>(generator() % 5);
  std::thread t([] {
    x.store(std::rand() + 1, std::memory_order_relaxed);
    y.load(std::memory_order_relaxed);
  });
  y.store(value + std::rand() + 1, std::memory_order_relaxed);
  x.load(std::memory_order_relaxed);
  t.join();
}

// Boost.Lockfree: a queue of one producer and one consumer, and what two consumers make of it.
// expect: PASS
// expect -DTWO_CONSUMERS: FAIL data_race
#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <cassert>
#include <thread>

boost::lockfree::spsc_queue<int, boost::lockfree::capacity<2>> queue;
std::atomic<int> sum;

void take() {
  queue.consume_one([](int n) { sum.fetch_add(n, std::memory_order_relaxed); });
}

int main() {
  std::thread producer([] {
    queue.push(1);
    queue.push(2);
  });
#ifdef TWO_CONSUMERS
  std::thread other(take);
#endif
  take();
  producer.join();
#ifdef TWO_CONSUMERS
  other.join();
#endif
  while (queue.read_available() > 0) take();
  assert(sum == 3);
}

// moodycamel::ConcurrentQueue: two producers that it knows by the addresses of their thread-local
// variables, a consumer, the order of what one thread enqueues; a queue that is destroyed early.
// expect: PASS
// expect -DORDER: PASS
// expect -DTOKENS: PASS
// expect -DEARLY: FAIL data_race
#include <concurrentqueue/concurrentqueue.h>
#include <cassert>
#include <memory>
#include <thread>

int main() {
  const auto queue = std::make_unique<moodycamel::ConcurrentQueue<int>>(1);
  int sum = 0, latest = 0;
  [[maybe_unused]] const auto take_all = [&] {
    for (int n = 0; queue->try_dequeue(n); latest = n) {
#if defined ORDER
      assert(n > latest);
#endif
      sum += n;
    }
  };
#if defined ORDER
  std::thread producer([&] {
    queue->enqueue(1);
    queue->enqueue(2);
  });
  take_all();
  producer.join();
#elif defined TOKENS
  std::thread producer([&] {
    const moodycamel::ProducerToken mine(*queue);
    queue->enqueue(mine, 1);
    queue->enqueue(mine, 2);
  });
  take_all();
  producer.join();
#else
  std::thread first([&] { queue->enqueue(1); }), second([&] { queue->enqueue(2); });
#if defined EARLY
  first.detach();
  second.detach();
  return 0;
#endif
  take_all();
  first.join();
  second.join();
#endif
  take_all();
  assert(sum == 3);
}

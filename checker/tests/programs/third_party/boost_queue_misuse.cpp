// Boost.Lockfree 1.81: queues of many producers and consumers. Nodes that are free are linked
// through memory that a stalled operation still reads: it loads `next` and will fail at its
// compare-exchange, while the list of free nodes writes the same bytes, one of the two plainly.
// That is a data race by the letter of the standard, though the value read is not used. With one
// consumer there is none.
// expect: FAIL data_race
// expect -DSTACK: FAIL data_race
// expect -DONE_CONSUMER: PASS
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/stack.hpp>
#include <cassert>
#include <thread>

#ifdef STACK
boost::lockfree::stack<int, boost::lockfree::capacity<2>> items;
#else
boost::lockfree::queue<int, boost::lockfree::capacity<2>> items;
#endif

int main() {
  int sum = 0;
  const auto take = [&](int n) { sum += n; };
#ifdef ONE_CONSUMER
  std::thread producer([] {
    items.push(1);
    items.push(2);
  });
  items.consume_one(take);
  producer.join();
#else
  std::thread first([] { items.push(1); }), second([] { items.push(2); });
  items.consume_one(take);
  first.join();
  second.join();
#endif
  items.consume_all(take);
  assert(sum == 3);
}

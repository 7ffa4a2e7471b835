// A bounded queue between one producer and two consumers.
//
// The bug: the end of the work is announced with notify_one, as every item is. Two consumers may
// be waiting then, and the second is never told.
//
//   pawl check producer_consumer.cpp
//   pawl check producer_consumer.cpp -- -DNOTIFY_ONE
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <queue>
#include <thread>

class WorkQueue {
 public:
  void put(int item) {
    const std::lock_guard<std::mutex> lock(mutex_);
    items_.push(item);
    changed_.notify_one();
  }

  void close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
#ifdef NOTIFY_ONE
    changed_.notify_one();
#else
    changed_.notify_all();
#endif
  }

  // Nothing when there is no more to come.
  std::optional<int> take() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (items_.empty() && !closed_) changed_.wait(lock);
    if (items_.empty()) return {};
    const int item = items_.front();
    items_.pop();
    return item;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::queue<int> items_;
  bool closed_ = false;
};

static WorkQueue queue;

static void consume(int* sum) {
  while (const std::optional<int> item = queue.take()) *sum += *item;
}

int main() {
  int sums[2] = {};
  std::thread first(consume, &sums[0]);
  std::thread second(consume, &sums[1]);
  queue.put(1);
  queue.put(2);
  queue.close();
  first.join();
  second.join();
  assert(sums[0] + sums[1] == 3);
}

// A pool of threads that run tasks until it is destroyed; what was submitted before is still run.
//
// The bug: the destructor says that the pool stops without taking the mutex. A worker that has
// just found that it does not, and is about to wait, misses the notification: the destructor
// waits for it for ever.
//
//   pawl check thread_pool.cpp
//   pawl check thread_pool.cpp -- -DSTOP_WITHOUT_LOCK
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

class ThreadPool {
 public:
  explicit ThreadPool(int threads) {
    for (int i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
  }

  ~ThreadPool() {
#ifdef STOP_WITHOUT_LOCK
    stopping_ = true;  // It is atomic, after all.
#else
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
#endif
    changed_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  void submit(std::function<void()> task) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
  }

 private:
  void work() {
    for (;;) {
      std::function<void()> task;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
        if (tasks_.empty()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> workers_;
};

int main() {
  std::atomic<int> done{0};
  {
    ThreadPool pool(2);
    pool.submit([&done] { done.fetch_add(1, std::memory_order_relaxed); });
  }
  assert(done == 1);
}

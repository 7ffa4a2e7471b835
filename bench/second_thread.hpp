#pragma once
// As long as a process has one thread, some operations are cheaper than they will ever be again.

#include <condition_variable>
#include <mutex>
#include <thread>

// A thread that does nothing. It waits for a condition variable, since one that waited for an
// atomic, or a semaphore of the standard library, would make every notification of one a system
// call.
class second_thread {
 public:
  second_thread() : thread_([this] { wait(); }) {}
  ~second_thread() {
    {
      const std::lock_guard held(lock_);
      ends_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  second_thread(const second_thread&) = delete;
  second_thread& operator=(const second_thread&) = delete;

 private:
  void wait() {
    std::unique_lock held(lock_);
    changed_.wait(held, [this] { return ends_; });
  }

  std::mutex lock_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;
};

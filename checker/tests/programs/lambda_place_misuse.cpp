// Places of what is inlined into a lambda of a constructor that has no code of its own; and of
// calls that functions of the library's headers pass on.
// expect: FAIL misuse: thread 1 unlocks w.m, which is free (lambda_place_misuse.cpp:22)
// expect -DRACES: FAIL data_race: thread 1 reads it (lambda_place_misuse.cpp:19)
// expect -DPASSED_ON -fno-inline: FAIL misuse: which is free (lambda_place_misuse.cpp:31)
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

struct worker {
  explicit worker(int n) {
    for (int i = 0; i < n; ++i)
      threads.emplace_back([this] {
        std::function<void()> task;
        {
          const std::unique_lock<std::mutex> lock(m, std::adopt_lock);
          if (tasks.empty()) return;
          task = std::move(tasks.front());
          tasks.pop();
        }
        task();
      });
  }
  ~worker() {
    for (std::thread& t : threads) t.join();
#if defined(PASSED_ON)
    const std::lock_guard<std::mutex> lock(m, std::adopt_lock);
#endif
  }

  std::vector<std::thread> threads;
  std::queue<std::function<void()>> tasks;
  std::mutex m;
};

int main() {
#if defined(PASSED_ON)
  worker w(0);
#else
  worker w(2);
#endif
#if defined(RACES)
  w.tasks.emplace([] {});
#endif
}

// expect: PASS
// expect -DANY: PASS
// expect -DTIMED: PASS
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex m;
#ifdef ANY
  std::condition_variable_any changed;
#else
  std::condition_variable changed;
#endif
  bool ready = false;
  std::thread t([&] {
    const std::lock_guard lock(m);
    ready = true;
    changed.notify_one();
  });
  {
    std::unique_lock lock(m);
#ifdef TIMED
    const bool seen = changed.wait_for(lock, std::chrono::seconds(1), [&] { return ready; });
    assert(seen == ready);
#else
    changed.wait(lock, [&] { return ready; });
    assert(ready);
#endif
  }
  t.join();
}

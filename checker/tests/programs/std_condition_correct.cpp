// expect plain: PASS complete=2
// expect any: PASS
// expect timed: PASS
// expect again: PASS complete=4
// expect any again: PASS
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>

template <class Condition>
void hand_over(bool timed) {
  std::mutex m;
  Condition changed;
  bool ready = false;
  std::thread t([&] {
    const std::lock_guard lock(m);
    ready = true;
    changed.notify_one();
  });
  const auto is_ready = [&] { return ready; };
  {
    std::unique_lock lock(m);
    if (timed) {
      const bool seen = changed.wait_for(lock, std::chrono::seconds(1), is_ready);
      assert(seen == ready);
    } else {
      changed.wait(lock, is_ready);
      assert(ready);
    }
  }
  t.join();
}

int main(int count, char** arguments) {
  const std::string_view how = arguments[1], last = arguments[count - 1];
  for (int times = last == "again" ? 2 : 1; times > 0; --times) {  // At the same place.
    if (how == "any")
      hand_over<std::condition_variable_any>(false);
    else
      hand_over<std::condition_variable>(how == "timed");
  }
}

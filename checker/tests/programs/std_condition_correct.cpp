// expect plain: PASS complete=2
// expect any: PASS
// expect timed: PASS
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

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  if (how == "any")
    hand_over<std::condition_variable_any>(false);
  else
    hand_over<std::condition_variable>(how == "timed");
}

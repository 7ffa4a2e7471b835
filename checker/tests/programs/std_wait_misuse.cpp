// expect relaxed: FAIL data_race: data
// expect for_ever: FAIL deadlock: ready
#include <atomic>
#include <string_view>
#include <thread>

int data;
std::atomic<int> ready;

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  std::thread t([how] {
    data = 1;
    if (how == "relaxed") ready.store(1, std::memory_order_release);
    ready.notify_one();
  });
  ready.wait(0, std::memory_order_relaxed);
  data = 2;
  t.join();
}

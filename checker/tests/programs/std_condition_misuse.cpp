// expect lost: FAIL deadlock: a notification
// expect not_under_mutex: FAIL data_race: ready
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>

std::mutex m;
std::condition_variable changed;
bool ready;

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  std::thread t([how] {
    if (how == "not_under_mutex") ready = true;
    changed.notify_one();
  });
  {
    std::unique_lock lock(m);
    if (how == "lost") changed.wait(lock);
    changed.wait(lock, [] { return ready; });
  }
  t.join();
}

// expect -DLOST: FAIL deadlock: a notification
// expect -DNOT_UNDER_MUTEX: FAIL data_race: ready
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex m;
std::condition_variable changed;
bool ready;

int main() {
  std::thread t([] {
#ifdef NOT_UNDER_MUTEX
    ready = true;
#endif
    changed.notify_one();
  });
  {
    std::unique_lock lock(m);
#ifdef LOST
    changed.wait(lock);
#else
    changed.wait(lock, [] { return ready; });
#endif
  }
  t.join();
}

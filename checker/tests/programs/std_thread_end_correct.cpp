// A notification when a thread has ended, and errno of each thread.
// expect: PASS
#include <atomic>
#include <cassert>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex m;
std::condition_variable changed;
bool ready;
int ended;
std::atomic<int> x;

struct ends {
  ~ends() { ++ended; }
};
thread_local ends local;

void set_error(int n) {
  errno = n;
  x.fetch_add(1, std::memory_order_relaxed);
  assert(errno == n);
}

int main() {
  std::thread t([] {
    std::unique_lock lock(m);
    ready = true;
    std::notify_all_at_thread_exit(changed, std::move(lock));
    [[maybe_unused]] const ends* const made = &local;
    set_error(1);
  });
  set_error(2);
  {
    std::unique_lock lock(m);
    changed.wait(lock, [] { return ready; });
    assert(ended == 1);
  }
  t.join();
}

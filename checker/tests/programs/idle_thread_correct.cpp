// Who waits for work need not end before the process does. Who waits for a lock that nobody will
// give back has a bug, even so.
// expect: PASS
// expect -DSEMAPHORE: PASS
// expect -DLOCKED: FAIL deadlock
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <thread>

struct pool {
  std::mutex mutex;
  std::condition_variable work;
  std::counting_semaphore<> permits{1};
  int tasks = 0;
  std::mutex first, second;
};
pool& all = *new pool;

#if defined LOCKED
void serve(std::mutex& one, std::mutex& other) {
  const std::scoped_lock hold(one);
  const std::scoped_lock hold_both(other);
}
#elif defined SEMAPHORE
void serve() {
  for (;;) all.permits.acquire();
}
#else
void serve() {
  std::unique_lock lock(all.mutex);
  for (;;) {
    all.work.wait(lock, [] { return all.tasks > 0; });
    --all.tasks;
  }
}
#endif

int main() {
#ifdef LOCKED
  std::thread([] { serve(all.first, all.second); }).detach();
  std::thread([] { serve(all.second, all.first); }).detach();
#else
  std::thread(serve).detach();
  const std::scoped_lock lock(all.mutex);
  ++all.tasks;
  all.work.notify_one();
#endif
}

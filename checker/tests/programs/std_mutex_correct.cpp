// All mutexes of the standard.
// expect: PASS blocked=0
// expect -DSHARED: PASS blocked=0
// expect -DTIMED: PASS blocked=0
#include <cassert>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

std::mutex a, b;
std::recursive_mutex recursive;
std::timed_mutex timed;
std::recursive_timed_mutex recursive_timed;
std::shared_mutex shared;
std::shared_timed_mutex shared_timed;
int x;

void first() {
#if defined(SHARED)
  const std::shared_lock lock(shared);
  const int seen = x;
  assert(seen == x);
#elif defined(TIMED)
  if (timed.try_lock_for(std::chrono::seconds(1))) {
    ++x;
    timed.unlock();
  }
  const std::shared_lock lock(shared_timed, std::chrono::seconds(1));
#else
  const std::scoped_lock lock(a, b);
  ++x;
#endif
}

void second() {
#if defined(SHARED)
  const std::unique_lock lock(shared);
  ++x;
#elif defined(TIMED)
  const std::unique_lock lock(timed);
  ++x;
#else
  const std::unique_lock one(a);
  ++x;
#endif
}

int main() {
  std::thread one(first), two(second);
  one.join();
  two.join();
  assert(x >= 1);
  const std::lock_guard once(recursive);
  assert(recursive.try_lock());
  recursive.unlock();
  assert(recursive_timed.try_lock_for(std::chrono::seconds(1)));
  assert(recursive_timed.try_lock());
  recursive_timed.unlock();
  recursive_timed.unlock();
}

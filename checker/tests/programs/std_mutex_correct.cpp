// All mutexes of the standard.
// expect plain: PASS complete=2 blocked=0
// expect shared: PASS complete=2 blocked=0
// expect timed: PASS blocked=0
#include <cassert>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <string_view>
#include <thread>

using std::chrono::seconds;

std::string_view how;
std::mutex a, b;
std::recursive_mutex recursive;
std::timed_mutex timed;
std::recursive_timed_mutex recursive_timed;
std::shared_mutex shared;
std::shared_timed_mutex shared_timed;
int x;

void first() {
  if (how == "shared") {
    const std::shared_lock lock(shared);
    const int seen = x;
    assert(seen == x);
  } else if (how == "timed") {
    const std::unique_lock lock(timed, seconds(1));
    if (lock) ++x;
    const std::shared_lock read(shared_timed, seconds(1));
    assert(read);
  } else {
    const std::scoped_lock lock(a, b);
    ++x;
  }
}

void second() {
  if (how == "shared") {
    const std::unique_lock lock(shared);
    ++x;
  } else if (how == "timed") {
    const std::unique_lock lock(timed);
    ++x;
  } else {
    const std::unique_lock lock(a);
    ++x;
  }
}

int main(int, char** arguments) {
  how = arguments[1];
  std::thread one(first), two(second);
  one.join();
  two.join();
  assert(x >= 1);
  const std::lock_guard once(recursive);
  assert(recursive.try_lock());
  recursive.unlock();
  assert(recursive_timed.try_lock_for(seconds(1)));
  assert(recursive_timed.try_lock());
  recursive_timed.unlock();
  recursive_timed.unlock();
}

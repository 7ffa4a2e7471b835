// expect: PASS blocked=0
// expect -DPACKAGED: PASS blocked=0
// expect -DASYNC: PASS blocked=0
// expect -DTHROWS: PASS blocked=0
// expect -DTIMED: PASS blocked=0
#include <cassert>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

int main() {
#if defined(PACKAGED)
  std::packaged_task<int(int)> task([](int x) { return x + 1; });
  auto result = task.get_future();
  std::thread t(std::move(task), 6);
  assert(result.get() == 7);
  t.join();
#elif defined(ASYNC)
  auto result = std::async(std::launch::async, [] { return 7; });
  auto later = std::async(std::launch::deferred, [] { return 8; });
  assert(result.get() == 7 && later.get() == 8);
#else
  std::promise<int> p;
  auto result = p.get_future();
  std::thread t([&p] {
#ifdef THROWS
    p.set_exception(std::make_exception_ptr(std::runtime_error("no")));
#else
    p.set_value(7);
#endif
  });
#ifdef TIMED
  if (result.wait_for(std::chrono::seconds(1)) == std::future_status::ready)
    assert(result.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
#endif
#ifdef THROWS
  try {
    result.get();
    assert(false);
  } catch (const std::runtime_error&) {}
#else
  assert(result.get() == 7);
#endif
  t.join();
#endif
}

// expect promise: PASS complete=1 blocked=0
// expect packaged: PASS blocked=0
// expect async: PASS blocked=0
// expect throws: PASS blocked=0
// expect timed: PASS blocked=0
#include <cassert>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string_view>
#include <thread>

using std::chrono::seconds;

void promise(bool throws, bool timed) {
  std::promise<int> p;
  auto result = p.get_future();
  std::thread t([&p, throws] {
    if (throws)
      p.set_exception(std::make_exception_ptr(std::runtime_error("no")));
    else
      p.set_value(7);
  });
  if (timed && result.wait_for(seconds(1)) == std::future_status::ready)
    assert(result.wait_for(seconds(0)) == std::future_status::ready);
  try {
    assert(result.get() == 7 && !throws);
  } catch (const std::runtime_error&) {
    assert(throws);
  }
  t.join();
}

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  if (how == "packaged") {
    std::packaged_task<int(int)> task([](int x) { return x + 1; });
    auto result = task.get_future();
    std::thread t(std::move(task), 6);
    assert(result.get() == 7);
    t.join();
  } else if (how == "async") {
    auto result = std::async(std::launch::async, [] { return 7; });
    auto later = std::async(std::launch::deferred, [] { return 8; });
    assert(result.get() == 7 && later.get() == 8);
  } else {
    promise(how == "throws", how == "timed");
  }
}

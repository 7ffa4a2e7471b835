// Loops that --unroll bounds although they are no spinning, and what is like a loop.
// expect sleeps: FAIL limit: --unroll N
// expect --unroll=3 sleeps: PASS
// expect timed: FAIL limit: --unroll N
// expect --unroll=3 timed: PASS
// expect both: PASS
// expect --unroll=3 both: PASS
// expect recursive: FAIL limit: --unroll N
// expect --unroll=3 recursive: PASS
// expect --unroll=3 in_turn: PASS
#include <atomic>
#include <chrono>
#include <mutex>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;

std::string_view how;
std::timed_mutex timed;
std::mutex a, b;
std::atomic<bool> ready;
std::atomic<int> steps;

void wait_recursively() {
  if (ready) return;
  ++steps;
  wait_recursively();
}

void wait_in_turn();
void wait_once_more() {
  ++steps;
  wait_in_turn();
}
void wait_in_turn() {
  if (!ready) wait_once_more();
}

void wait() {
  if (how == "sleeps") {
    while (!ready) std::this_thread::sleep_for(1ms);
  } else if (how == "timed") {
    while (!timed.try_lock_for(1ms)) {}
    timed.unlock();
  } else if (how == "both") {
    const std::scoped_lock lock(b, a);
  } else if (how == "recursive") {
    wait_recursively();
  } else {
    wait_in_turn();
  }
}

void let() {
  if (how == "timed") {
    const std::scoped_lock lock(timed);
  } else {
    const std::scoped_lock lock(a, b);
    ready = true;
  }
}

int main(int, char** arguments) {
  how = arguments[1];
  std::thread waits(wait), lets(let);
  waits.join();
  lets.join();
}

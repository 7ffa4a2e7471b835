// expect: PASS complete=2 blocked=0
#include <cassert>
#include <chrono>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

std::mutex m;
int x;

int main() {
  assert(std::this_thread::get_id() != std::thread::id());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([] {
      const std::lock_guard lock(m);
      ++x;
      std::this_thread::yield();
    });
  threads.clear();
  assert(x == 2);
  const auto before = std::chrono::steady_clock::now();
  const auto date = std::chrono::system_clock::now();
  std::this_thread::sleep_for(std::chrono::hours(3));
  assert(std::chrono::steady_clock::now() - before == std::chrono::hours(3));
  std::this_thread::sleep_until(date + std::chrono::hours(4));
  assert(std::chrono::system_clock::now() - date == std::chrono::hours(4));
}

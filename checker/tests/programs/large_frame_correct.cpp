// What fits on an ordinary stack fits on that of a thread of the model.
// expect: PASS complete=1 blocked=0
#include <array>
#include <thread>

int sum() {
  std::array<int, 1 << 20> numbers;
  numbers.fill(1);
  int total = 0;
  for (const int n : numbers) total += n;
  return total;
}

int main() {
  int from_thread = 0;
  std::thread t([&] { from_thread = sum(); });
  t.join();
  return from_thread == sum() ? 0 : 1;
}

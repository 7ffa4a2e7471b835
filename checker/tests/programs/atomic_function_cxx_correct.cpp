// Functions of C++ are atomic by their names, too.
// expect: PASS complete=2
#include <cassert>
#include <thread>

static int counter;

static void __VERIFIER_atomic_count(int& mine) {
  const int before = counter;
  counter = before + 1;
  mine = before;
}

int main() {
  int one = 0, other = 0;
  std::thread t([&] { __VERIFIER_atomic_count(one); });
  __VERIFIER_atomic_count(other);
  t.join();
  assert(one + other == 1);
}

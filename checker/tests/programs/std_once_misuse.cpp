// expect -DRECURSIVE: FAIL deadlock: which it is calling itself
// expect -DUNGUARDED: FAIL data_race: p
#include <mutex>
#include <thread>

std::once_flag flag;
int* p;
int value;

int recurs(int n) {
  static int x = recurs(n - 1);
  return x;
}

void use() {
  if (p == nullptr) std::call_once(flag, [] { p = &value; });
}

int main() {
#ifdef RECURSIVE
  return recurs(3);
#endif
  std::thread one(use), two(use);
  one.join();
  two.join();
}

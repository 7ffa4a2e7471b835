// expect recursive: FAIL deadlock: which it is calling itself
// expect unguarded: FAIL data_race: p
#include <mutex>
#include <string_view>
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

int main(int, char** arguments) {
  if (std::string_view(arguments[1]) == "recursive") return recurs(3);
  std::thread one(use), two(use);
  one.join();
  two.join();
}

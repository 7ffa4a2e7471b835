// The same variable of two threads is two objects, which others may be given.
// expect: PASS complete=2 blocked=0
#include <atomic>
#include <cassert>
#include <thread>

thread_local int mine = 7;
std::atomic<int*> posted[2];
std::atomic<int> turn;

void post(int i) {
  mine = i;
  posted[i].store(&mine, std::memory_order_release);
  turn.fetch_add(1);
}

int main() {
  std::thread first(post, 0), second(post, 1);
  first.join();
  second.join();
  assert(posted[0].load() != posted[1].load() && posted[0].load() != &mine);
  assert(mine == 7);
}

// Shared pointers that threads use without the functions for it, or with too few of them.
// expect -DPLAIN: FAIL data_race: settings
// expect -DLOST: FAIL assertion: *settings == 3
#include <cassert>
#include <memory>
#include <thread>

std::shared_ptr<int> settings = std::make_shared<int>(1);

void add() {
  const auto seen = std::atomic_load(&settings);
  std::atomic_store(&settings, std::make_shared<int>(*seen + 1));
}

void copy() {
  const auto seen = settings;
  assert(seen != nullptr);
}

int main() {
#ifdef PLAIN
  std::thread a(add), b(copy);
#else
  std::thread a(add), b(add);
#endif
  a.join();
  b.join();
#ifdef LOST
  assert(*settings == 3);
#endif
  settings.reset();
}

// std::atomic_load() and its like for std::shared_ptr take a lock, one of each pointer.
// expect: PASS
// expect -DAPART: PASS complete=1 blocked=0
// expect -DCOUNT: PASS
#include <cassert>
#include <memory>
#include <thread>

std::shared_ptr<int> settings = std::make_shared<int>(1), others = std::make_shared<int>(1);

void put(std::shared_ptr<int>& at, int value) {
  std::atomic_store(&at, std::make_shared<int>(value));
}

void look() {
  const auto seen = std::atomic_load(&settings);
  assert(*seen == 1 || *seen == 2);
}

void count() {
  auto seen = std::atomic_load(&settings);
  while (!std::atomic_compare_exchange_weak(&settings, &seen, std::make_shared<int>(*seen + 1))) {}
}

int main() {
#if defined(APART)
  std::thread a(put, std::ref(settings), 2), b(put, std::ref(others), 2);
#elif defined(COUNT)
  std::thread a(count), b(count);
#else
  std::thread a(put, std::ref(settings), 2), b(look);
#endif
  a.join();
  b.join();
#ifdef COUNT
  assert(*settings == 3);
#endif
  settings.reset();
  others.reset();
}

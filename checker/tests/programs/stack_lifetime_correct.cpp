// Variables of functions that wait for those who use them, or are those of main(), which nothing
// outlives; the same memory again for the next function.
// expect: PASS
// expect other: PASS
// expect main: PASS
// expect exit: PASS
#include <pthread.h>
#include <ucontext.h>

#include <atomic>
#include <cassert>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>

std::atomic<int> seen;

[[gnu::noinline]] int by_join(int base) {
  int sum = base;
  std::atomic<int> count{0};
  std::thread t([&] {
    ++sum;
    count.fetch_add(1, std::memory_order_relaxed);
  });
  t.join();
  seen = count.load();
  return sum;
}

[[gnu::noinline]] int by_flag() {
  int sum = 1;
  std::atomic<bool> done{false};
  std::thread t([p = &sum, d = &done] {
    ++*p;
    d->store(true, std::memory_order_release);
  });
  t.detach();
  while (!done.load(std::memory_order_acquire)) {}
  return sum;
}

[[gnu::noinline]] int by_condition() {
  std::mutex m;
  std::condition_variable changed;
  bool ready = false;
  int value = 0;
  std::thread t([&] {
    const std::lock_guard lock(m);
    value = 4;
    ready = true;
    changed.notify_one();
  });
  t.detach();
  std::unique_lock lock(m);
  changed.wait(lock, [&] { return ready; });
  return value;
}

// Waits on a stack that the program has made.
ucontext_t there, back;
pthread_t joined;
void joins() {
  pthread_join(joined, nullptr);
  swapcontext(&there, &back);
}
int by_other_stack(void* (*body)(void*)) {
  constexpr std::size_t size = 64 << 10;
  int value = 0;
  const std::unique_ptr<char[]> stack(new char[size]);
  getcontext(&there);
  there.uc_stack.ss_sp = stack.get();
  there.uc_stack.ss_size = size;
  makecontext(&there, joins, 0);
  pthread_create(&joined, nullptr, body, &value);
  swapcontext(&back, &there);
  return value;
}

static void* uses(void* argument) {
  *static_cast<int*>(argument) = 1;
  return nullptr;
}

int main(int arguments, char** argument) {
  int mine = 0;
  if (arguments > 1) {
    pthread_t t;
    if (argument[1][0] == 'o') return by_other_stack(uses) == 1 ? 0 : 1;
    pthread_create(&t, nullptr, uses, &mine);
    if (argument[1][0] == 'e') pthread_exit(nullptr);
    return 0;
  }
  assert(by_join(1) == 2 && by_join(2) == 3);
  assert(by_flag() == 2);
  seen = mine;
  assert(by_condition() == 4);
}

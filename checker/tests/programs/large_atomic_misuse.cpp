// Misuse of atomic objects of more than 8 bytes.
// expect -DABA: FAIL assertion: main() returned 1
// expect -DABA -DTAGGED: PASS
// expect -DLOOPS: FAIL crash: calls abort()
// expect -DRELAXED: FAIL data_race: thread 1 reads data
// expect -DFIRST: FAIL data_race: both
// expect -DLAST: FAIL data_race: both
// expect -DWRITES_LAST: FAIL data_race: both
// expect -DATOMIC_AFTER: FAIL data_race: atomically reads
// expect -DMIDDLE: FAIL data_race: of_forty
// expect -DMIXED_FIRST: FAIL misuse: accesses both.at atomically with 8 bytes
// expect -DMIXED_LAST: FAIL misuse: accesses both.tag atomically with 8 bytes
// expect -DMIXED_LARGER: FAIL misuse: atomically with 16 bytes
// expect -DFREED: FAIL use_after_free: atomically modifies
// expect -DBEHIND: FAIL out_of_bounds: atomically modifies 8 bytes behind an allocation of 8 bytes
// expect -DMISALIGNED: FAIL limit: which is not aligned
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <thread>

struct node {
  std::atomic<node*> next;
  int uses;
};
struct head {
  node* at;
  std::uintptr_t tag;
};
struct forty {
  char bytes[40];
};

alignas(16) head both;
std::atomic<forty> of_forty;
std::atomic<head> stack;
int data;

#if defined(TAGGED)
constexpr std::uintptr_t step = 1;
#else
constexpr std::uintptr_t step = 0;
#endif
bool push(node* n) {
  head old = stack.load(std::memory_order_acquire);
  n->next.store(old.at, std::memory_order_relaxed);
  return stack.compare_exchange_strong(old, {n, old.tag + step});
}
node* pop() {
  head old = stack.load(std::memory_order_acquire);
  if (old.at == nullptr) return nullptr;
  node* const next = old.at->next.load(std::memory_order_relaxed);
  return stack.compare_exchange_strong(old, {next, old.tag + step}) ? old.at : nullptr;
}

char* const bytes_of_both = reinterpret_cast<char*>(&both);
auto* const words_of_both = reinterpret_cast<std::uint64_t*>(&both);

int has_aba() {
  static node a, b;
  push(&b);
  push(&a);
  std::thread t([] {
    if (node* const n = pop()) ++n->uses;
  });
  node *const first = pop(), *const second = pop();
  if (first != nullptr && second != nullptr) push(first);
  t.join();
  // The second one is still this thread's.
  return first != nullptr && second != nullptr && stack.load().at == second;
}

int main() {
#if defined(ABA)
  return has_aba();
#elif defined(LOOPS)
  static std::atomic<bool> ends{false};
  stack.store({nullptr, 1});
  std::thread t([] {
    head expected{nullptr, 0};  // It differs in the last bytes only, until it was compared once.
    while (!ends.load(std::memory_order_relaxed))
      if (stack.compare_exchange_strong(expected, {nullptr, 2})) std::abort();
  });
  ends.store(true, std::memory_order_relaxed);
  t.join();
#elif defined(RELAXED)
  std::thread t([] {
    if (std::atomic_ref(both).load(std::memory_order_relaxed).tag == 1 && data == 0) std::abort();
  });
  data = 1;
  std::atomic_ref(both).store({nullptr, 1}, std::memory_order_relaxed);
  t.join();
#elif defined(FIRST) || defined(LAST) || defined(WRITES_LAST)
  std::thread t([] { std::atomic_ref(both).store({nullptr, 1}); });
#if defined(FIRST)
  data = bytes_of_both[0];
#elif defined(LAST)
  data = bytes_of_both[15];
#else
  bytes_of_both[15] = 1;
#endif
  t.join();
#elif defined(ATOMIC_AFTER)
  std::thread t([] {
    stack.store({}, std::memory_order_relaxed);
    bytes_of_both[15] = 1;
  });
  stack.store({}, std::memory_order_relaxed);
  data = std::atomic_ref(both).load().tag == 1;
  t.join();
#elif defined(MIDDLE)
  std::thread t([] { of_forty.store({"text"}); });
  data = reinterpret_cast<char*>(&of_forty)[19];
  t.join();
#elif defined(MIXED_FIRST)
  std::atomic_ref(both).store({nullptr, 1});
  __atomic_store_n(&words_of_both[0], 1, __ATOMIC_RELAXED);
#elif defined(MIXED_LAST)
  std::atomic_ref(both).store({nullptr, 1});
  __atomic_store_n(&words_of_both[1], 1, __ATOMIC_RELAXED);
#elif defined(MIXED_LARGER)
  __atomic_store_n(&words_of_both[1], 1, __ATOMIC_RELAXED);
  std::atomic_ref(both).store({nullptr, 1});
#elif defined(FREED)
  auto* const p = new std::atomic<head>;
  delete p;
  p->store({nullptr, 1});
#elif defined(BEHIND)
  void* volatile p = std::malloc(8);
  static_cast<std::atomic<head>*>(p)->store({nullptr, 1});
  std::free(p);
#elif defined(MISALIGNED)
  auto* volatile p = reinterpret_cast<std::atomic<head>*>(new char[32] + 8);
  p->store({nullptr, 1});
#endif
}

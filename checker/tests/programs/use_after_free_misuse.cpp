// Uses of what was freed, at once by the same thread, or by another one that was told to wait.
// expect -DREAD: FAIL use_after_free: main reads memory
// expect -DWRITE: FAIL use_after_free: main writes memory
// expect -DREAD_PART: FAIL use_after_free: main reads memory
// expect -DATOMIC: FAIL use_after_free: main atomically modifies memory
// expect -DBEHIND: FAIL use_after_free: main reads memory
// expect -DOTHER: FAIL use_after_free: thread 1 reads memory
// expect -DRACE: FAIL data_race: while main frees it
// expect: PASS complete=1 blocked=0
#include <atomic>
#include <thread>

volatile long sink = 0;

int main() {
  long* const volatile p = new long(3);
#if defined(READ)
  delete p;
  sink = *p;
#elif defined(WRITE)
  delete p;
  *const_cast<volatile long*>(p) = 1;
#elif defined(READ_PART)
  delete p;
  sink = reinterpret_cast<char*>(p)[5];
#elif defined(ATOMIC)
  delete p;
  std::atomic_ref<long>(*p).fetch_add(1);
#elif defined(BEHIND)
  long* volatile const many = new long[3]{1, 2, 3};
  delete[] many;
  sink = many[2];
  delete p;
#elif defined(OTHER)
  delete p;
  std::thread([&] { sink = *p; }).join();
#elif defined(RACE)
  std::thread t([&] { sink = *p; });
  delete p;
  t.join();
#else
  std::thread([&] { sink = *p; }).join();
  sink = *p;
  delete p;
#endif
}

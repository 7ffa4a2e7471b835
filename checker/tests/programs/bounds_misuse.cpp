// Accesses beside allocations.
// expect -DBEHIND: FAIL out_of_bounds: thread 1 writes 4 bytes behind an allocation of 12 bytes
// expect -DREADS: FAIL out_of_bounds: thread 1 reads 1 byte behind an allocation of 11 bytes
// expect -DBEFORE: FAIL out_of_bounds: writes 4 bytes in front of an allocation of 12 bytes
// expect -DFAR: FAIL out_of_bounds: thread 1 writes 4 bytes behind an allocation of
// expect -DEMPTY: FAIL out_of_bounds: thread 1 writes 1 byte behind an allocation of 0 bytes
// expect -DPART: FAIL out_of_bounds: thread 1 writes 9 bytes behind an allocation of 11 bytes
// expect -DTEXT: FAIL out_of_bounds: thread 1 writes 1 byte behind an allocation of 11 bytes
// expect -DATOMIC: FAIL out_of_bounds: atomically modifies 4 bytes behind an allocation of 12
// expect -DREALLOCATED: FAIL out_of_bounds: thread 1 writes 1 byte behind an allocation of 20 bytes
// expect -DALIGNED: FAIL out_of_bounds: writes 1 byte in front of an allocation of 64 bytes
// expect -DBEFORE_MAIN: FAIL out_of_bounds: thread 1 writes 4 bytes behind an allocation of 8 bytes
// expect -DLARGE: FAIL out_of_bounds: thread 1 writes 1 byte behind an allocation of 1001 bytes
// expect -DBEFORE_LARGE: FAIL out_of_bounds: writes 1 byte in front of an allocation of 1001 bytes
// expect -DBETWEEN: FAIL out_of_bounds: writes 1 byte behind an allocation of 1001 bytes
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>

struct alignas(64) wide {
  char bytes[64];
};

volatile int zero = 0;
std::unique_ptr<int[]> made_early(new int[2]);
void* volatile kept;

void body(int* numbers, char* bytes) {
#if defined(BEHIND)
  numbers[3 + zero] = 1;
#elif defined(READS)
  zero = bytes[11 + zero];
#elif defined(BEFORE)
  numbers[-1 + zero] = 1;
#elif defined(FAR)
  numbers[5000 + zero] = 1;
#elif defined(EMPTY)
  kept = std::malloc(0);
  static_cast<char*>(kept)[zero] = 1;
#elif defined(PART)
  std::memset(bytes, 0, 20 + zero);
#elif defined(TEXT)
  std::strcpy(bytes, "hello world");
#elif defined(ATOMIC)
  __atomic_store_n(numbers + 3 + zero, 1, __ATOMIC_RELAXED);
#elif defined(REALLOCATED)
  kept = std::realloc(bytes, 20);
  static_cast<char*>(kept)[20 + zero] = 1;
#elif defined(ALIGNED)
  kept = new wide;
  static_cast<char*>(kept)[-1 + zero] = 1;
#elif defined(LARGE)
  kept = new char[1001];
  static_cast<char*>(kept)[1001 + zero] = 1;
#elif defined(BEFORE_LARGE)
  kept = new char[1001];
  static_cast<char*>(kept)[-1 + zero] = 1;
#elif defined(BETWEEN)
  kept = new char[1001];
  char* const next = new char[1001];
  next[0] = 1;
  static_cast<char*>(kept)[1010 + zero] = next[1000] = 1;
#elif defined(BEFORE_MAIN)
  made_early[2 + zero] = 1;
#endif
}

int main() {
  int* const numbers = new int[3];
  char* const bytes = static_cast<char*>(std::malloc(11));
  std::thread t(body, numbers, bytes);
  t.join();
  std::free(bytes);
  delete[] numbers;
}

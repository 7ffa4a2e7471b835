// Frees that do not fit what has allocated.
// expect -DFREE_NEW: FAIL invalid_free: thread 1 frees with free() what main allocated with new
// expect -DFREE_ARRAY: FAIL invalid_free: thread 1 frees with free() what main allocated with new[]
// expect -DDELETE_ARRAY: FAIL invalid_free: frees with delete what main allocated with new[]
// expect -DDELETE_OBJECT: FAIL invalid_free: frees with delete[] what main allocated with new
// expect -DDELETE_MALLOC: FAIL invalid_free: frees with delete what main allocated with malloc()
// expect -DDELETE_CALLOC: FAIL invalid_free: frees with delete[] what it allocated with calloc()
// expect -DREALLOC_NEW: FAIL invalid_free: frees with realloc() what main allocated with new
// expect -DFREE_ALIGNED: FAIL invalid_free: frees with free() what it allocated with new
// expect -DEARLY: FAIL invalid_free: frees with delete what it allocated with new[]
// expect -DREALLOC_INSIDE: FAIL invalid_free: which is not the start of an allocation
// expect -DREALLOC_FREED: FAIL double_free: 11 bytes that thread 1 has freed already
#include <cstdlib>
#include <thread>

struct alignas(64) wide {
  char bytes[64];
};

int* early = new int[2];
void* volatile kept;
volatile int one = 1;

void body(int* numbers, int* number, char* bytes) {
#if defined(FREE_NEW)
  std::free(number);
#elif defined(FREE_ARRAY)
  std::free(numbers);
#elif defined(DELETE_ARRAY)
  delete numbers;
#elif defined(DELETE_OBJECT)
  delete[] number;
#elif defined(DELETE_MALLOC)
  delete bytes;
#elif defined(DELETE_CALLOC)
  kept = std::calloc(3, 4);
  delete[] static_cast<int*>(kept);
#elif defined(REALLOC_NEW)
  kept = std::realloc(number, 20);
#elif defined(FREE_ALIGNED)
  kept = new wide;
  std::free(kept);
#elif defined(EARLY)
  delete early;
#elif defined(REALLOC_INSIDE)
  kept = std::realloc(bytes + one, 20);
#elif defined(REALLOC_FREED)
  std::free(bytes);
  kept = std::realloc(bytes, 20);
#endif
}

int main() {
  int* const numbers = new int[3];
  int* const number = new int(1);
  char* const bytes = static_cast<char*>(std::malloc(11));
  std::thread t(body, numbers, number, bytes);
  t.join();
}

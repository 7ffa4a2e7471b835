// All bytes of allocations, and nothing but them, and ways to free that fit.
// expect: PASS complete=1 blocked=0
#include <malloc.h>

#include <cassert>
#include <cstdlib>
#include <cstring>
#include <list>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

struct alignas(64) wide {
  char bytes[64];
};
struct base {
  virtual ~base() = default;
  char byte = 1;
};
struct derived : base {
  std::string text = "a text that is longer than the short ones";
};

char* early = static_cast<char*>(std::malloc(13));
int* early_array = new int[5];
std::vector<int> vector{1, 2, 3};

void fill(void* p, std::size_t n) {
  auto* const bytes = static_cast<volatile char*>(p);
  for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<char>(i);
}

void of_c() {
  for (std::size_t n = 0; n < 40; ++n) {
    void* p = std::malloc(n);
    fill(p, n);
    p = std::realloc(p, n + 9);
    assert(n == 0 || static_cast<char*>(p)[n - 1] == static_cast<char>(n - 1));
    fill(p, n + 9);
    std::free(p);
  }
  void* p = std::calloc(3, 5);
  assert(static_cast<char*>(p)[14] == 0);
  fill(p, 15);
  assert(std::realloc(p, 0) == nullptr);
  p = std::aligned_alloc(256, 512);
  fill(p, 512);
  std::free(p);
  void* const other = std::malloc(257);
  p = std::malloc(1001);
  static_cast<char*>(p)[1000] = 1;
  fill(other, 257);
  fill(p, 1001);
  std::free(other);
  p = std::realloc(p, 300);
  p = std::realloc(p, 3000);
  fill(p, 3000);
  std::free(p);
  assert(posix_memalign(&p, 64, 7) == 0);
  fill(p, 7);
  std::free(std::realloc(p, 3));
  std::free(strdup("text"));
}

void of_cpp() {
  delete new wide;
  delete[] new wide[3];
  delete new (std::nothrow) int;
  delete[] new (std::nothrow) int[3];
  delete new (std::nothrow) wide;
  delete static_cast<base*>(new derived);
  delete[] new std::string[3];
  ::operator delete(::operator new(5), std::size_t{5});
  ::operator delete(::operator new(5, std::align_val_t{64}), std::align_val_t{64});
  ::operator delete[](::operator new[](7), std::size_t{7});
  auto* const all = new wide[2];
  fill(all, sizeof(wide[2]));
  delete[] all;
  const auto shared = std::make_shared<derived>();
  std::vector<std::string> texts(3, shared->text);
  texts.emplace_back("more");
  try {
    throw std::string("an exception");
  } catch (const std::string& thrown) {
    texts.push_back(thrown);
  }
}

void before_main() {
  fill(early, 13);
  early = static_cast<char*>(std::realloc(early, 20));
  fill(early, 20);
  fill(early_array, sizeof(int[5]));
  delete[] early_array;
  vector.push_back(4);
  assert(vector[3] == 4);
}

int main() {
  std::thread c(of_c), cpp(of_cpp), early_ones(before_main);
  c.join();
  cpp.join();
  early_ones.join();
  std::free(early);
}

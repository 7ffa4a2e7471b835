// expect -DNEVER_SET: FAIL deadlock: waits
// expect -DSET_TWICE: FAIL exception: Promise already satisfied
// expect -DBROKEN: FAIL exception: Broken promise
#include <future>
#include <thread>

int main() {
  std::promise<int> p;
  auto result = p.get_future();
#ifdef NEVER_SET
  result.get();
#endif
#ifdef SET_TWICE
  p.set_value(1);
  p.set_value(2);
#endif
#ifdef BROKEN
  { auto q = std::move(p); }
  result.get();
#endif
}

// expect -DFREE: FAIL misuse: main unlocks m, which is free
// expect -DTWICE: FAIL deadlock: m, which it holds itself
// expect -DREADER: FAIL misuse: main unlocks shared, which is free
#include <mutex>
#include <shared_mutex>

std::mutex m;
std::shared_mutex shared;

int main() {
#ifdef FREE
  m.unlock();
#endif
#ifdef TWICE
  m.lock();
  m.lock();
#endif
#ifdef READER
  shared.unlock_shared();
#endif
}

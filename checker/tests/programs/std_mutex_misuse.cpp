// expect free: FAIL misuse: main unlocks m, which is free
// expect twice: FAIL deadlock: m, which it holds itself
// expect reader: FAIL misuse: main unlocks shared, which is free
#include <mutex>
#include <shared_mutex>
#include <string_view>

std::mutex m;
std::shared_mutex shared;

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  if (how == "free") m.unlock();
  if (how == "twice") {
    m.lock();
    m.lock();
  }
  if (how == "reader") shared.unlock_shared();
}

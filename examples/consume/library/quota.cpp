// A task takes two of three permits; they come back when it ends.
#include <iostream>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>

pawl::task<int> use(pawl::semaphore& quota) {
  auto permit = co_await quota.acquire(2);
  if (!permit) co_return -1;  // closed or poisoned: there is nothing to return
  co_return static_cast<int>(permit->count());
}

int main() {
  pawl::semaphore quota{3};
  const int taken = pawl::sync_wait(use(quota));
  std::cout << "took " << taken << ", " << quota.available_permits() << " free again\n";
  return taken == 2 && quota.available_permits() == 3 ? 0 : 1;
}

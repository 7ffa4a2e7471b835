// Ten downloads on four threads, at most three at a time.
#include <iostream>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/thread_pool.hpp>
#include <vector>

pawl::task<int> download(pawl::semaphore& slots, int file) {
  auto slot = co_await slots.acquire();  // in call order; no thread is blocked
  if (!slot) co_return 0;                // closed or poisoned: an outcome, not an exception
  co_return file * 10;                   // the permit goes back here
}

pawl::task<int> download_all(pawl::thread_pool& pool, pawl::semaphore& slots) {
  std::vector<pawl::join_handle<int>> running;
  for (int file = 0; file < 10; ++file) {
    running.push_back(pawl::spawn(pool, download(slots, file)));
  }
  int bytes = 0;
  for (auto& handle : running) bytes += (co_await std::move(handle)).value();
  co_return bytes;
}

int main() {
  pawl::thread_pool pool(4);
  pawl::semaphore slots(3);
  std::cout << pawl::sync_wait(download_all(pool, slots)) << " bytes\n";
}

// A shelf that holds two loaves: bakers wait while it is full, customers while it is empty, and all
// go home at closing time.
#include <deque>
#include <iostream>
#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/thread_pool.hpp>
#include <utility>
#include <vector>

struct bakery {
  struct shelf {
    std::deque<int> loaves;
    bool is_closed = false;
  };

  pawl::mutex<shelf> shop;
  pawl::condition_variable changed;
};

pawl::task<> bake(bakery& b, int loaves) {
  for (int i = 1; i <= loaves; ++i) {
    auto shelf = co_await b.shop.lock();
    static_cast<void>(co_await b.changed.wait(*shelf, [&] { return (*shelf)->loaves.size() < 2; }));
    (*shelf)->loaves.push_back(i);
    b.changed.notify_all();  // the lock is held: who is told comes next, not now
  }
}

pawl::task<int> eat(bakery& b) {
  int eaten = 0;
  for (;;) {
    auto shelf = co_await b.shop.lock();
    static_cast<void>(co_await b.changed.wait(
        *shelf, [&] { return !(*shelf)->loaves.empty() || (*shelf)->is_closed; }));
    if ((*shelf)->loaves.empty()) co_return eaten;
    (*shelf)->loaves.pop_front();
    ++eaten;
    b.changed.notify_all();
  }
}

int main() {
  pawl::thread_pool pool(2);
  bakery b;
  std::vector<pawl::join_handle<int>> customers;
  for (int i = 0; i < 3; ++i) customers.push_back(pawl::spawn(pool, eat(b)));
  auto first = pawl::spawn(pool, bake(b, 20)), second = pawl::spawn(pool, bake(b, 10));
  static_cast<void>(std::move(first).join_blocking());
  static_cast<void>(std::move(second).join_blocking());
  b.shop.lock_blocking().value()->is_closed = true;
  b.changed.notify_all();
  int eaten = 0;
  for (auto& each : customers) eaten += std::move(each).join_blocking().value();
  std::cout << eaten << " loaves\n";
}

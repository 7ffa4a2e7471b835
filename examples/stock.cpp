// A stock that many tasks change. An order that fails half-way poisons it, and is put right before
// the next one sees it.
#include <iostream>
#include <map>
#include <pawl/sync/mutex.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/thread_pool.hpp>
#include <stdexcept>
#include <string>
#include <vector>

struct stock {
  std::map<std::string, int> items{{"nut", 10}, {"bolt", 3}};
  int sets = 0;  // each a nut and a bolt
};

pawl::task<> pack(pawl::mutex<stock>& shared) {
  auto locked = co_await shared.lock();  // in call order; no thread is blocked
  if (!locked) co_return;                // poisoned: an outcome, not an exception
  auto& [items, sets] = **locked;
  --items.at("nut");
  if (items.at("bolt") == 0) throw std::runtime_error("no bolts");  // half-way: it poisons
  --items.at("bolt");
  ++sets;  // unlocked here
}

pawl::task<> pack_all(pawl::thread_pool& pool, pawl::mutex<stock>& shared) {
  std::vector<pawl::join_handle<void>> running;
  for (int i = 0; i < 5; ++i) running.push_back(pawl::spawn(pool, pack(shared)));
  for (auto& handle : running) {
    try {
      co_await std::move(handle);
    } catch (const std::runtime_error& e) {
      std::cout << e.what() << '\n';
    }
  }
}

int main() {
  pawl::thread_pool pool(4);
  pawl::mutex<stock> shared;
  pawl::sync_wait(pack_all(pool, shared));
  if (const auto repaired = shared.clear_poison()) {  // locked, for whoever repairs
    (*repaired)->items["nut"] = 10 - (*repaired)->sets;
  }
  const auto nuts =
      shared.lock_blocking().value().map([](stock& s) -> int& { return s.items["nut"]; });
  std::cout << *nuts << " nuts\n";
}

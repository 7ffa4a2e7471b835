// Prices that many tasks look up. Whoever finds one missing asks for it while others still read,
// and locks them out only to write it down.
#include <iostream>
#include <map>
#include <pawl/sync/shared_mutex.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/thread_pool.hpp>
#include <string>
#include <vector>

using prices = pawl::shared_mutex<std::map<std::string, int>>;

int asked = 0;  // only ever by the one who has the upgradable guard
int ask(const std::string& item) {
  ++asked;
  return static_cast<int>(item.size());
}

pawl::task<int> price_of(prices& all, std::string item) {
  {
    const auto shared = co_await all.lock_shared();  // beside the others
    if (const auto found = (*shared)->find(item); found != (*shared)->end()) {
      co_return found->second;
    }
  }
  auto upgradable = co_await all.lock_upgrade();  // one at a time, but readers go on
  if (const auto found = (*upgradable)->find(item); found != (*upgradable)->end()) {
    co_return found->second;  // somebody else asked meanwhile
  }
  const int price = ask(item);
  auto alone = co_await upgradable->upgrade();  // nobody has written in between
  (**alone)[item] = price;
  const auto kept = std::move(*alone).downgrade();  // readers get in, no writer does
  co_return kept->at(item);
}

int main() {
  pawl::thread_pool pool(4);
  prices all;
  std::vector<pawl::join_handle<int>> running;
  for (int i = 0; i < 50; ++i) {
    for (const char* item : {"nut", "bolt"}) {
      running.push_back(pawl::spawn(pool, price_of(all, item)));
    }
  }
  int sum = 0;
  for (auto& handle : running) sum += std::move(handle).join_blocking().value();
  std::cout << sum << " for 100 items, " << asked << " prices asked for\n";
}

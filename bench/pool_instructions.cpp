// pool_instructions N: N times, one after the other, an uncontended acquire of an idle resource and
// its return. count_instructions.py counts what they execute.

#include <pawl/sync/pool.hpp>
#include <pawl/task/sync_wait.hpp>

#include <cstdlib>

namespace {

struct maker {
  int operator()() const { return 1; }
};
using pool = pawl::pool<int, maker>;

pawl::task<> use_repeatedly(pool& p, unsigned long times) {
  for (unsigned long i = 0; i < times; ++i) {
    const auto one = co_await p.acquire();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  pool p(maker(), {.max_size = 4,
                   .acquire_timeout = pawl::pool_config::unlimited,
                   .idle_timeout = pawl::pool_config::unlimited,
                   .max_lifetime = pawl::pool_config::unlimited,
                   .metered = false});
  pawl::sync_wait(use_repeatedly(p, std::strtoul(argv[1], nullptr, 10)));
  return p.stats().total == 1 ? 0 : 1;
}

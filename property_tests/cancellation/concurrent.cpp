#include "concurrent.hpp"

#include <deque>
#include <vector>

#include "family.hpp"

namespace cancellation_programs {

std::optional<std::string> run_concurrently(const concurrent_program& program) {
  pawl::cancellation_source root;
  std::vector<family::problem> problems(program.threads.size());
  std::deque<pawl::thread> threads;
  for (std::size_t i = 0; i < program.threads.size(); ++i) {
    threads.emplace_back([&, i] {
      family mine(root, false);
      for (const operation& op : program.threads[i]) {
        if (!problems[i]) problems[i] = mine.apply(op);
      }
    });
  }
  for (pawl::thread& each : threads) each.join();
  for (const family::problem& each : problems) {
    if (each) return each;
  }
  return std::nullopt;
}

}  // namespace cancellation_programs

// once_cell_instructions N: N times, one after the other, a value that is there, from a coroutine.
// count_instructions.py counts what they execute.

#include <pawl/sync/once_cell.hpp>
#include <pawl/task/sync_wait.hpp>

#include <cstdlib>

namespace {

pawl::task<> get_repeatedly(pawl::once_cell<int>& cell, unsigned long times) {
  for (unsigned long i = 0; i < times; ++i) {
    const int& there = **co_await cell.get_or_init([] { return 1; });
    static_cast<void>(*static_cast<const volatile int*>(&there));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  pawl::once_cell<int> cell(0);
  pawl::sync_wait(get_repeatedly(cell, std::strtoul(argv[1], nullptr, 10)));
  return *cell.get();
}

// Real threads, in whatever way they happen to meet.

#include "concurrent.hpp"
#include "operation.hpp"
#include "property.hpp"

namespace {

constexpr std::size_t threads = 3;
constexpr int length = 40;
constexpr int repetitions = 20;  // of each program: no two runs are alike

void all_meetings_are_allowed() {
  const auto program = *any_concurrent_program(threads, length);
  for (int i = 0; i < repetitions; ++i) {
    if (const auto problem = run_concurrently(program)) RC_FAIL(*problem);
  }
}

const property p("semaphore.threads", "real threads leave it in an allowed state", 300,
                 all_meetings_are_allowed);

}  // namespace

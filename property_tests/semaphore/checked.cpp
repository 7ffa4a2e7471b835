// In the checker, under random schedules and with every weakness that memory may have.

#include <pawl/check.hpp>

#include "concurrent.hpp"
#include "operation.hpp"
#include "property.hpp"

namespace {

constexpr std::size_t threads = 3;
constexpr int length = 6;
constexpr std::uint64_t executions = 200;

void random_schedules_are_allowed() {
  const auto program = *any_concurrent_program(threads, length);
  const auto seed = *rc::gen::noShrink(rc::gen::arbitrary<std::uint32_t>());
  pawl::check::options options;
  options.strategy = pawl::check::strategy::random;
  options.executions = executions;
  options.seed = seed;
  const auto report = pawl::check::explore(
      [&] {
        const auto problem = run_concurrently(program);
        pawl::check::require(!problem, problem ? *problem : "");
      },
      options);
  if (!report.ok()) RC_FAIL(report.text());
  RC_ASSERT(report.complete > 0u);
}

const property p("semaphore.checked", "random schedules in the checker leave it so", 300,
                 random_schedules_are_allowed);

}  // namespace

#pragma once
// In the checker, under random schedules and with every weakness that memory may have.

#include <pawl/check.hpp>

#include <rapidcheck.h>

#include <cstdint>
#include <optional>
#include <string>

// Effects: runs programs of `any`, each under several schedules.
// Fails if run(program) says what is wrong, or the checker finds something.
template <class Program, class Run>
void random_schedules_are_allowed(const rc::Gen<Program>& any, Run run) {
  const Program program = *any;
  pawl::check::options options;
  options.strategy = pawl::check::strategy::random;
  options.executions = 200;
  options.seed = *rc::gen::noShrink(rc::gen::arbitrary<std::uint32_t>());
  const auto report = pawl::check::explore(
      [&] {
        const std::optional<std::string> problem = run(program);
        pawl::check::require(!problem, problem ? *problem : "");
      },
      options);
  if (!report.ok()) RC_FAIL(report.text());
  RC_ASSERT(report.complete > 0u);
}

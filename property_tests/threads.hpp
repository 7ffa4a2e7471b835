#pragma once
// Real threads, in whatever way they happen to meet.

#include <rapidcheck.h>

#include <optional>
#include <string>

// Effects: runs programs of `any`, each several times, since no two runs are alike.
// Fails if run(program) says what is wrong.
template <class Program, class Run>
void all_meetings_are_allowed(const rc::Gen<Program>& any, Run run) {
  constexpr int repetitions = 20;
  const Program program = *any;
  for (int i = 0; i < repetitions; ++i) {
    if (const std::optional<std::string> problem = run(program)) RC_FAIL(*problem);
  }
}

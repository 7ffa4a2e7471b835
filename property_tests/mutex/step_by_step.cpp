// One thread, and after each call everything is as the reference says.

#include "compared.hpp"

namespace mutex_programs {

namespace {

void agree(resumption where) {
  const thread_program program = *any_program();
  compared<mutex> both(where, count_starts(program));
  for (const operation& op : program) both.step(op);
}

const step_by_step properties("mutex", 5000, &agree);

}  // namespace

}  // namespace mutex_programs

// One thread, and after each call everything is as the reference says.

#include "client.hpp"
#include "compared.hpp"
#include "operation.hpp"

namespace semaphore_programs {

namespace {

void agree(resumption where) {
  const pawl::count_t permits = *any_number();
  const thread_program program = *any_program();
  compared<client> both(where, count_starts(program), permits);
  for (const operation& op : program) both.step(op);
  both.step({.what = operation::kind::close});
}

const step_by_step properties("semaphore", 5000, &agree);

}  // namespace

}  // namespace semaphore_programs

#include "../checked.hpp"

#include "concurrent.hpp"
#include "operation.hpp"
#include "property.hpp"

namespace {

const property p("cancellation.checked", "random schedules in the checker leave it so", 300, [] {
  using namespace cancellation_programs;
  random_schedules_are_allowed(any_concurrent_program(3, 6), run_concurrently);
});

}  // namespace

#include "../checked.hpp"

#include "concurrent.hpp"
#include "operation.hpp"
#include "property.hpp"

namespace {

const property p("condition_variable.checked", "random schedules in the checker leave it so", 300,
                 [] {
                   using namespace condition_programs;
                   random_schedules_are_allowed(any_concurrent_program(3, 4), run_concurrently);
                 });

}  // namespace

#include "../checked.hpp"

#include "program.hpp"
#include "property.hpp"

namespace {

const property p("blocking.checked", "random schedules in the checker leave it so", 100, [] {
  using namespace blocking_programs;
  random_schedules_are_allowed(any_program(3, 5), run);
});

}  // namespace

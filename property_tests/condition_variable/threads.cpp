#include "../threads.hpp"

#include "concurrent.hpp"
#include "operation.hpp"
#include "property.hpp"

namespace {

const property p("condition_variable.threads", "real threads leave it in an allowed state", 300,
                 [] {
                   using namespace condition_programs;
                   all_meetings_are_allowed(any_concurrent_program(3, 40), run_concurrently);
                 });

}  // namespace

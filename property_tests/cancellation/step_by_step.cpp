// One thread, and after each call everything is as the reference says.

#include "family.hpp"
#include "operation.hpp"
#include "property.hpp"

namespace cancellation_programs {

namespace {

const property p("cancellation.step_by_step", "each call does what the reference does", 5000, [] {
  const program operations = *any_program();
  pawl::cancellation_source root;
  family all(root, true);
  for (const operation& op : operations) {
    if (const auto problem = all.apply(op)) RC_FAIL(*problem);
  }
});

}  // namespace

}  // namespace cancellation_programs

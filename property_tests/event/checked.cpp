#include "../checked.hpp"

#include "concurrent.hpp"
#include "property.hpp"

namespace {

using namespace event_programs;

template <class Primitive>
void check() {
  random_schedules_are_allowed(any_concurrent_program(3, 6), run_and_judge<event_party<Primitive>>);
}

const property manual("event.checked_manual", "random schedules in the checker leave it so", 150,
                      [] { check<pawl::manual_reset_event>(); });
const property automatic("event.checked_auto", "random schedules in the checker leave it so", 150,
                         [] { check<pawl::auto_reset_event>(); });

}  // namespace

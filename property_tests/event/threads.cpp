#include "../threads.hpp"

#include "concurrent.hpp"
#include "property.hpp"

namespace {

using namespace event_programs;

template <class Primitive>
void meet() {
  all_meetings_are_allowed(any_concurrent_program(3, 40), run_and_judge<event_party<Primitive>>);
}

const property manual("event.threads_manual", "real threads leave it in an allowed state", 100,
                      [] { meet<pawl::manual_reset_event>(); });
const property automatic("event.threads_auto", "real threads leave it in an allowed state", 100,
                         [] { meet<pawl::auto_reset_event>(); });
const property group("event.threads_wait_group", "real threads leave it in an allowed state", 100,
                     [] { meet<pawl::wait_group>(); });

}  // namespace

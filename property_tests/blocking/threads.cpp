#include "../threads.hpp"

#include "program.hpp"
#include "property.hpp"

namespace {

const property p("blocking.threads", "whatever threads do, a lock excludes and is free in the end",
                 100, [] {
                   using namespace blocking_programs;
                   all_meetings_are_allowed(any_program(3, 20), run);
                 });

}  // namespace

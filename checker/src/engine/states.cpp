// A search that visits states instead of executions.
#include <fmt/format.h>

#include "searcher.hpp"
#include "state_walk.hpp"

namespace pawl::check::engine {
namespace {

constexpr unsigned drawn_before = 256;  // A few milliseconds.

}  // namespace

void searcher::visit_states() {
  runtime& r = leader().program;
  if (const std::string why = r.visit_states(); !why.empty())
    return refuse(fmt::format("--strategy states: {}", why));
  state_walk walk(r);
  for (unsigned n = 0; n < drawn_before; ++n) {
    walk.begin(state_walk::run::drawn);
    (void)r.run_directly(walk, walk);
  }
  walk.begin_anew();
  for (bool goes_on = true; goes_on;) {
    walk.begin(state_walk::run::next);
    const bool is_complete = r.run_directly(walk, walk);
    report_.states = walk.states();
    if (r.hides_state())
      return refuse(
          "--strategy states: the program writes static data or begins a static object, meets at a "
          "barrier or records a history, which a state does not hold; --strategy exhaustive can "
          "explore it");
    if (walk.is_outdated()) {
      leader().forget_counts();
      walk.begin_anew();
      continue;
    }
    if (walk.was_cut()) {
      ++r.search.pruned;
      if (!pass_over(leader())) return;
    } else if (!count(leader(), is_complete ? ending::complete : told(walk))) {
      return;
    }
    goes_on = walk.advance();
  }
  if (leader().executions() == 0)
    refuse(
        "--strategy states: every execution comes back to a state that it was in, so threads spin "
        "for ever, or until another one that does comes on; --strategy exhaustive can tell which");
}

// Makes the execution at hand again, with a graph, which can tell what is wrong with it.
ending searcher::told(state_walk& walk) {
  runtime& r = leader().program;
  r.select_thread = &walk;
  ending e;
  do {
    walk.begin(state_walk::run::again);
    r.search.start(&walk);
    e = r.run();
  } while (e == ending::restart);
  r.select_thread = nullptr;
  return e;
}

}  // namespace pawl::check::engine

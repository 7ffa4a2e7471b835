// What a wait_group adds to its gate: how it counts up and down.
#include "../event/calls.hpp"

using namespace models;
using pawl::wait_group;

PAWL_MODEL("wait_group.done", "the last done() reaches who waits",
           bounds{.threads = 3, .note = "1 thread is done, one waits"}) {
  wait_group g(1);
  together([&] { g.done(); }, [&] { wait_blocking(g); });
}

PAWL_MODEL("wait_group.added", "who waits does so for what is added, too",
           bounds{.threads = 2, .note = "1 thread waits, 1 adds and is done, then of all"}) {
  wait_group g(1);
  pawl::cell<int> x{0};
  pawl::thread waiting([&] {
    wait_blocking(g);
    require(x.read() == 1);
  });
  g.add();
  g.done();
  x.write(1);
  g.done();
  waiting.join();
}

PAWL_MODEL("wait_group.refused", "what is above the limit changes nothing",
           bounds{.threads = 1, .note = "1 more than there may be"}) {
  wait_group g(wait_group::max());
  try {
    g.add();
  } catch (const std::length_error&) {}
  require(g.count() == wait_group::max(), "what was refused has been added");
}

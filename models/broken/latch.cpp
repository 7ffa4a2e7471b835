// What a latch adds to its gate: how it counts, and what it refuses.
#include "../event/calls.hpp"

using namespace models;
using pawl::latch;

PAWL_MODEL("latch.opened", "a count of all opens it",
           bounds{.threads = 3, .note = "1 thread counts 2, one waits"}) {
  latch l(2);
  together([&] { l.count_down(2); }, [&] { wait_blocking(l); });
}

PAWL_MODEL("latch.refused", "a count of too many changes nothing",
           bounds{.threads = 1, .note = "2 of 1"}) {
  latch l(1);
  try {
    l.count_down(2);
  } catch (const std::logic_error&) {}
  require(l.remaining() == 1, "LATCH-ALL: what was refused has been counted");
}

PAWL_MODEL("latch.early", "the last count but one does not open it",
           bounds{.threads = 1, .note = "2 expected; 1"}) {
  latch l(2);
  l.count_down();
  require(!l.try_wait(), "LATCH-ALL: something is still to happen");
}

PAWL_MODEL("latch.counted", "who waits sees what was done before each count",
           bounds{.threads = 4, .note = "2 threads count, one of which writes; one waits"}) {
  latch l(2);
  pawl::cell<int> x{0};
  together(
      [&] {
        x.write(1);
        l.count_down();
      },
      [&] { l.count_down(); },
      [&] {
        wait_blocking(l);
        require(x.read() == 1);
      });
}

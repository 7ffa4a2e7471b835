// What set_once and once_cell add.
#include "../once/calls.hpp"

using namespace models;

PAWL_MODEL("once.set", "who comes second is refused", bounds{.threads = 1, .note = "2 set"}) {
  set_once s;
  require(s.set(number(1)).has_value());
  require(!s.set(number(2)).has_value(), "ONCE-SET: both were taken");
}

PAWL_MODEL("once.wait", "who waits is given it", bounds{.threads = 3, .note = "1 waits, 1 sets"}) {
  set_once s;
  together([&] { require(s.wait_blocking().has_value()); }, [&] { (void)s.emplace(1u); });
}

PAWL_MODEL("once.cell", "one of two calls makes the value",
           bounds{.threads = 3, .note = "2 threads"}) {
  once_cell c;
  pawl::cell<unsigned> made{0};
  const auto get = [&](count_t n) { require(c.get_or_init_blocking(maker{n, made}).has_value()); };
  together([&] { get(1); }, [&] { get(2); });
  require(made.read() == 1, "CELL-ONE: two were made");
}

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

PAWL_MODEL("once.seen", "who finds the value finds all of it",
           bounds{.threads = 3, .note = "1 sets, 1 looks"}) {
  set_once s;
  together([&] { (void)s.emplace(1u); },
           [&] {
             if (const auto* const there = s.get()) require(there->read() == 1);
           });
}

PAWL_MODEL("once.second", "who waits while another call makes the value is given that",
           bounds{.threads = 3, .note = "2 threads"}) {
  once_cell c;
  pawl::cell<unsigned> made{0};
  const auto get = [&](count_t n) {
    require(c.get_or_init_blocking(maker{n, made}).has_value(),
            "CELL-HB: it is there, but not given");
  };
  together([&] { get(1); }, [&] { get(2); });
}

PAWL_MODEL("once.next", "after an initializer that throws the next call runs its own",
           bounds{.threads = 1, .note = "a call that throws, then a call"}) {
  once_cell c;
  pawl::cell<unsigned> made{0};
  try {
    (void)c.get_or_init_blocking([]() -> number { throw 1; });
  } catch (int) {}
  const auto got = c.get_or_init_blocking(maker{2, made});
  require(got.has_value() && *got != nullptr, "CELL-NEXT: there is no value");
}

// What concurrent calls return is what they would return one after the other, in an order that
// respects who came first.

#include <pawl/check/clients.hpp>
#include <pawl/check/linearizable.hpp>

#include <deque>
#include <optional>

#include "calls.hpp"

using namespace models;
using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::choose;
using pawl::check::choose_client;
using pawl::check::ticket;

namespace {

// Empty, or a number for good. Who sets it claims it first, and then makes the number: meanwhile
// others are refused.
struct cell_spec {
  count_t value = 0;  // 0: none
  std::optional<ticket> setter;

  void claim(ticket t, count_t) {
    if (!setter) setter = t;
  }
  bool set(ticket t, count_t n) {
    if (setter != t || value != 0) return false;
    value = n;
    return true;
  }
  count_t get() { return value; }
  blocking<count_t> wait() {
    if (value == 0) return blocked;
    return value;
  }
  // Takes effect when nobody is setting it.
  blocking<count_t> get_or_init(count_t n) {
    if (value == 0 && setter) return blocked;
    if (value == 0) value = n;
    return value;
  }

  bool operator==(const cell_spec&) const = default;
};

enum operation : std::uint32_t { set, get, wait_or_init, kinds };

template <class Once>
void set_value(Once& object, pawl::check::linearizable<cell_spec>& history, count_t n);

template <>
void set_value(set_once& object, pawl::check::linearizable<cell_spec>& history, count_t n) {
  history.call<&cell_spec::claim, &cell_spec::set>(
      [&](count_t m) { return object.emplace(m) != nullptr; }, n);
}
template <>
void set_value(once_cell& object, pawl::check::linearizable<cell_spec>& history, count_t n) {
  history.call<&cell_spec::claim, &cell_spec::set>(
      [&](count_t m) { return object.set_blocking(number(m)).has_value(); }, n);
}

void wait_or_make(set_once& object, pawl::check::linearizable<cell_spec>& history, count_t) {
  history.call<&cell_spec::wait>([&] { return read(object.wait_blocking()).value(); });
}
void wait_or_make(once_cell& object, pawl::check::linearizable<cell_spec>& history, count_t n) {
  history.call<&cell_spec::get_or_init>(
      [&](count_t m) {
        return read(object.get_or_init_blocking([m] { return number(m); })).value();
      },
      n);
}

// What one thread does.
template <class Once>
void perform(Once& object, pawl::check::linearizable<cell_spec>& history,
             const std::vector<std::uint32_t>& operations, count_t n) {
  for (const std::uint32_t each : operations) {
    if (each == set) {
      set_value(object, history, n);
    } else if (each == get) {
      history.call<&cell_spec::get>([&] {
        const number* const there = object.get();
        return there == nullptr ? count_t{0} : there->read();
      });
    } else {
      wait_or_make(object, history, n);
    }
    ++n;
  }
}

// All small clients; and then somebody sets it, so that nobody waits for ever.
template <class Once>
void run_client(std::uint32_t operations) {
  const auto client = choose_client({.threads = 2, .operations = operations, .kinds = kinds});
  pawl::check::linearizable<cell_spec> history(cell_spec{});
  Once object;
  std::deque<pawl::thread> threads;
  for (std::size_t i = 0; i < client.size(); ++i) {
    threads.emplace_back([&, i] { perform(object, history, client[i], 10 * (i + 1)); });
  }
  set_value(object, history, 1);
  for (pawl::thread& each : threads) each.join();
}

}  // namespace

PAWL_MODEL("set_once.linearizable", "sets, looks and waits fit a sequential order",
           bounds{.threads = 3, .note = "2 threads of 2 operations in all; a set"}) {
  run_client<set_once>(2);
}

PAWL_MODEL("once_cell.linearizable", "sets, looks and calls that make it fit a sequential order",
           bounds{.threads = 2, .note = "1 thread of 1 operation; a set"}) {
  run_client<once_cell>(1);
}

PAWL_MODEL("once_cell.linearizable_2", "so do more of them",
           bounds{.threads = 3, .note = "2 threads of 2 operations in all; a set", .full = true}) {
  run_client<once_cell>(2);
}

// What concurrent calls on a source below the root return is what they would return one after the
// other, in an order that respects who came first: on all small clients. (A whole tree is not
// cancelled in one step: what is above may be seen to be cancelled before what is below.)

#include <pawl/check/clients.hpp>
#include <pawl/check/linearizable.hpp>

#include <deque>

#include "calls.hpp"

using namespace models;
using pawl::check::blocked;
using pawl::check::blocking;
using pawl::check::choose_client;

namespace {

constexpr count_t none = ~count_t{0};

// A source, whose parent may be cancelled, too.
struct source_spec {
  count_t why = none;

  bool cancel(count_t value) {
    if (why != none) return false;
    why = value;
    return true;
  }
  void cancel_parent(count_t value) { cancel(value); }
  count_t reason() { return why; }
  blocking<count_t> wait() {
    if (why == none) return blocked;
    return why;
  }

  bool operator==(const source_spec&) const = default;
};

class recorded_source {
  using spec = source_spec;

 public:
  void cancel(count_t value) {
    history_.call<&spec::cancel>([&](count_t v) { return child_.request_stop(reason_of(v)); },
                                 value);
  }
  void cancel_parent(count_t value) {
    history_.call<&spec::cancel_parent>([&](count_t v) { root_.request_stop(reason_of(v)); },
                                        value);
  }
  void look() {
    history_.call<&spec::reason>([&] {
      const auto why = child_.reason();
      return why ? why->value : none;
    });
  }
  void wait() {
    history_.call<&spec::wait>([&] { return child_.get_token().cancelled_blocking()->value; });
  }

 private:
  pawl::check::linearizable<spec> history_;
  cancellation_source root_;
  cancellation_source child_{root_.get_token()};
};

enum operation : std::uint32_t { cancel, cancel_parent, look, wait_for_it, kinds };

void perform(recorded_source& s, std::uint32_t o, count_t value) {
  if (o == cancel)
    s.cancel(value);
  else if (o == cancel_parent)
    s.cancel_parent(value);
  else if (o == look)
    s.look();
  else
    s.wait();
}

}  // namespace

PAWL_MODEL("cancellation.linearizable.clients", "cancels, looks and waits fit a sequential order",
           bounds{.threads = 3,
                  .note = "2 threads of 2 operations in all: cancels of a child and of its parent, "
                          "looks, waits; a cancel after"}) {
  const auto client = choose_client({.threads = 2, .operations = 2, .kinds = kinds});
  recorded_source s;
  std::deque<pawl::thread> threads;
  for (std::size_t i = 0; i < client.size(); ++i) {
    threads.emplace_back([&s, &operations = client[i], i] {
      count_t value = 10 * i;
      for (const std::uint32_t each : operations) perform(s, each, value++);
    });
  }
  s.cancel(100);
  for (pawl::thread& each : threads) each.join();
}

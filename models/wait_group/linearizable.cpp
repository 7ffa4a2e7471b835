// What concurrent calls of a wait_group return is what they would return one after the other, in an
// order that respects who came first: on all small clients.

#include <pawl/sync/wait_group.hpp>

#include "../event/recorded_count.hpp"

using namespace models;
using pawl::check::choose;

namespace {

class recorded_group : public recorded_count<pawl::wait_group> {
 public:
  enum operation : std::uint32_t { wait_once, try_once, add_one, one_done, kinds };

  using recorded_count::recorded_count;

  void add() {
    up([](pawl::wait_group& g, count_t n) { g.add(n); }, 1);
  }
  void done() {
    down([](pawl::wait_group& g, count_t n) { g.done(n); }, 1);
  }
  void perform(std::uint32_t o, std::vector<call>& kept) {
    if (o == wait_once)
      kept.push_back(wait());
    else if (o == try_once)
      try_wait();
    else if (o == add_one)
      add();
    else
      done();
  }
};

}  // namespace

PAWL_MODEL("wait_group.linearizable.clients", "calls, tries, add and done fit a sequential order",
           bounds{.threads = 6,
                  .note = "0 or 1 in progress; a call; 2 threads of 2 operations in all: calls, "
                          "tries, add, done"}) {
  recorded_group g(choose(2));
  perform_clients(g, 2);
}

PAWL_MODEL("wait_group.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6,
                  .note = "a call to be cancelled, and one; done, then perhaps add; a try"}) {
  recorded_group g(1);
  pawl::stop_source stop;
  const call a = g.wait(stop.get_token());
  const call b = g.wait();
  together([&] { stop.request_stop(); },
           [&, again = choose(2) == 1] {
             g.done();
             if (again) g.add();
           });
  g.try_wait();
  g.end();
  (void)a.result();
  (void)b.result();
}

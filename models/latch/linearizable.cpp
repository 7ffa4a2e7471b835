// What concurrent calls of a latch return is what they would return one after the other, in an
// order that respects who came first: on all small clients.

#include <pawl/sync/latch.hpp>

#include "../event/recorded_count.hpp"

using namespace models;
using pawl::check::choose;

namespace {

class recorded_latch : public recorded_count<pawl::latch> {
 public:
  enum operation : std::uint32_t { wait_once, try_once, count_one, count_two, kinds };

  using recorded_count::recorded_count;

  void count_down(count_t n) {
    down([](pawl::latch& l, count_t m) { l.count_down(m); }, n);
  }
  void perform(std::uint32_t o, std::vector<call>& kept) {
    if (o == wait_once)
      kept.push_back(wait());
    else if (o == try_once)
      try_wait();
    else
      count_down(o == count_one ? 1 : 2);
  }
};

}  // namespace

PAWL_MODEL("latch.linearizable.clients", "calls, tries and counts fit a sequential order",
           bounds{.threads = 6,
                  .note = "1 or 2 expected; a call; 2 threads of 2 operations in all: calls, "
                          "tries, counts of 1 and 2"}) {
  recorded_latch l(1 + choose(2));
  perform_clients(l, 2);
}

PAWL_MODEL("latch.linearizable.cancelled", "so do calls that are cancelled meanwhile",
           bounds{.threads = 6, .note = "a call to be cancelled, and one; a count, then a try"}) {
  recorded_latch l(1);
  pawl::stop_source stop;
  const call a = l.wait(stop.get_token());
  const call b = l.wait();
  together([&] { stop.request_stop(); }, [&] { l.count_down(1); });
  l.try_wait();
  l.end();
  (void)a.result();
  (void)b.result();
}

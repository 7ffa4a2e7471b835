// What a probe counts of random calls, beside a list of how they ended.

#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/telemetry.hpp>
#include <pawl/sync/telemetry_probe.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <utility>
#include <vector>

#include "call.hpp"
#include "property.hpp"

namespace {

using slots_probe = pawl::telemetry_probe<pawl::semaphore>;

// What one step does: begins a call that waits, one whose deadline has passed, one that tries; ends
// the n-th that was begun by a stop, or by destroying it; gives a permit; closes.
enum class verb : std::uint8_t { wait, wait_no_longer, attempt, stop, destroy, release, close };
struct step {
  verb does;
  std::size_t which;
};

std::ostream& operator<<(std::ostream& out, const step& s) {
  return out << static_cast<int>(s.does) << ' ' << s.which;
}

enum class ending : std::uint8_t { none, granted, given_up, failed };

// A permit that was granted is used up.
acquiring take(pawl::scheduler*, slots_probe& probe, pawl::semaphore& s, pawl::stop_token token) {
  auto taken = co_await probe.watch([&] { return s.acquire(1, token); });
  if (taken) std::move(*taken).forget();
}
acquiring take_at_once(pawl::scheduler*, slots_probe& probe, pawl::semaphore& s) {
  auto taken = co_await probe.watch([&] { return s.acquire_until(1, {}); });
  if (taken) std::move(*taken).forget();
}

// All calls, in order, and what they should have come to.
class program {
 public:
  void take_step(const step& s) {
    switch (s.does) {
      case verb::wait: {
        auto& one = *calls_.emplace_back(std::make_unique<waiting>());
        one.call = take(nullptr, probe_, slots_, one.stop.get_token());
        expect(arrives());
        break;
      }
      case verb::wait_no_longer:
        calls_.emplace_back(std::make_unique<waiting>())->call =
            take_at_once(nullptr, probe_, slots_);
        expect(or_else(arrives(), ending::given_up));
        break;
      case verb::attempt:
        calls_.emplace_back(std::make_unique<waiting>());
        if (auto taken = probe_.watch_blocking([&] { return slots_.try_acquire(); }))
          std::move(*taken).forget();
        expect(or_else(arrives(), ending::failed));
        break;
      case verb::release:
        slots_.release();
        ++free_;
        while (free_ != 0 && end_first(ending::granted)) --free_;
        break;
      case verb::close:
        slots_.close();
        is_closed_ = true;
        while (end_first(ending::failed)) {}
        break;
      default:
        if (!calls_.empty()) end(s.which % calls_.size(), s.does == verb::destroy);
    }
  }

  void compare() const {
    const auto now = all_.snapshot().at(0);
    RC_ASSERT(now.waiters == count(ending::none));
    RC_ASSERT(now.grants == count(ending::granted));
    RC_ASSERT(now.cancellations == count(ending::given_up));
    RC_ASSERT(now.has_waiters == (now.waiters != 0));
    RC_ASSERT(now.since.has_value() == (now.grants != 0));
    RC_ASSERT(now.available == free_ && now.closed == is_closed_);
  }

 private:
  struct waiting {
    pawl::stop_source stop;
    acquiring call;
  };

  ending arrives() {
    if (is_closed_) return ending::failed;
    if (free_ == 0 || count(ending::none) != 0) return ending::none;
    --free_;
    return ending::granted;
  }
  static ending or_else(ending e, ending otherwise) { return e == ending::none ? otherwise : e; }
  void expect(ending e) { endings_.push_back(e); }

  bool end_first(ending how) {
    const auto first = std::ranges::find(endings_, ending::none);
    if (first == endings_.end()) return false;
    *first = how;
    return true;
  }
  void end(std::size_t which, bool destroys) {
    if (destroys) {
      calls_[which]->call = acquiring();
    } else {
      calls_[which]->stop.request_stop();
    }
    if (endings_[which] == ending::none) endings_[which] = ending::given_up;
  }
  [[nodiscard]] std::size_t count(ending e) const {
    return static_cast<std::size_t>(std::ranges::count(endings_, e));
  }

  pawl::telemetry all_;
  pawl::semaphore slots_{1};
  slots_probe probe_{all_, "slots", slots_};
  std::vector<std::unique_ptr<waiting>> calls_;
  std::vector<ending> endings_;
  std::size_t free_ = 1;
  bool is_closed_ = false;
};

rc::Gen<step> any_step() {
  const auto verbs = rc::gen::weightedElement<verb>({{6, verb::wait},
                                                     {1, verb::wait_no_longer},
                                                     {1, verb::attempt},
                                                     {3, verb::stop},
                                                     {2, verb::destroy},
                                                     {4, verb::release},
                                                     {1, verb::close}});
  return rc::gen::construct<step>(verbs, rc::gen::inRange<std::size_t>(0, 8));
}

const property p("telemetry.probe", "counts each call once, as it ended", 2000, [] {
  const auto steps = *rc::gen::container<std::vector<step>>(any_step()).as("steps");
  program running;
  for (const step& each : steps) {
    running.take_step(each);
    running.compare();
  }
});

}  // namespace

// Owned permits: the call in progress and the permit keep the semaphore alive, and the last of them
// destroys it. What is touched afterwards is a use after free, what is never destroyed a leak.

#include <memory>

#include "calls.hpp"

using namespace models;

namespace {

using pawl::owned_permit;

call acquire_owned_once(std::shared_ptr<semaphore> from, count_t n) {
  const auto acquired = co_await pawl::acquire_owned(std::move(from), n);
  co_return acquired.map([](const owned_permit& p) { return p.count(); });
}
call acquire_owned_once(std::shared_ptr<semaphore> from, count_t n, pawl::stop_token token) {
  const auto acquired = co_await pawl::acquire_owned(std::move(from), n, token);
  co_return acquired.map([](const owned_permit& p) { return p.count(); });
}

// A semaphore with several owners that end on different threads. The checker does not see into
// std::shared_ptr, so each owner has one of its own, and the count of them is an atomic of ours.
class shared_semaphore {
 public:
  shared_semaphore(count_t permits, unsigned owners) : owners_(owners), semaphore_(permits) {}

  static std::shared_ptr<semaphore> owner(shared_semaphore* self) {
    return {&self->semaphore_, [self](semaphore*) {
              if (self->owners_.fetch_sub(1, pawl::memory_order_acq_rel) == 1) delete self;
            }};
  }

 private:
  pawl::atomic<unsigned> owners_;
  semaphore semaphore_;
};

}  // namespace

PAWL_MODEL("semaphore.conserve.owned_call", "a pending call may be the last owner",
           bounds{.threads = 3, .note = "a call of 2; a release of 2 by who owns nothing"}) {
  auto s = std::make_shared<semaphore>(0);
  semaphore& at = *s;
  const call a = acquire_owned_once(std::move(s), 2);
  together([&] { at.release(2); });
  require(a.count() == 2);
}

PAWL_MODEL("semaphore.conserve.owned_call_fails", "so may one that fails",
           bounds{.threads = 3, .note = "a call of 1; poison by who owns nothing"}) {
  auto s = std::make_shared<semaphore>(0);
  semaphore& at = *s;
  const call a = acquire_owned_once(std::move(s), 1);
  together([&] { at.poison(); });
  require(a.failed_with(errc::poisoned));
}

PAWL_MODEL("semaphore.conserve.owned_call_cancelled", "so may one that is cancelled",
           bounds{.threads = 3, .note = "a call of 1 that is cancelled"}) {
  auto s = std::make_shared<semaphore>(0);
  pawl::stop_source stop;
  const call a = acquire_owned_once(std::move(s), 1, stop.get_token());
  together([&] { stop.request_stop(); });
  require(a.failed_with(errc::cancelled));
}

PAWL_MODEL("semaphore.conserve.owned_thread", "so may a thread that waits",
           bounds{.threads = 3, .note = "1 thread takes 1; a release of 1 by who owns nothing"}) {
  auto s = std::make_shared<semaphore>(0);
  semaphore& at = *s;
  together(
      [s = std::move(s)]() mutable {
        require(pawl::acquire_owned_blocking(std::move(s), 1).has_value());
      },
      [&at] { at.release(1); });
}

PAWL_MODEL("semaphore.conserve.owned_permit",
           "a permit given back hands over to a call, either may be last",
           bounds{.threads = 4,
                  .note = "2 permits, held, an owner each; a call of 1 and one of 2"}) {
  auto* const shared = new shared_semaphore(2, 3);
  owned_permit both = pawl::try_acquire_owned(shared_semaphore::owner(shared), 2).value();
  const call a = acquire_owned_once(shared_semaphore::owner(shared), 1);
  const call b = acquire_owned_once(shared_semaphore::owner(shared), 2);
  together([&] { both.release(); });
  require(a.count() == 1 && b.count() == 2);
}

PAWL_MODEL("semaphore.conserve.owned_race", "a stop meets the release: whoever owns last destroys",
           bounds{.threads = 4,
                  .note = "1 permit, held by an owner; a call of 1 that is cancelled"}) {
  auto* const shared = new shared_semaphore(1, 2);
  pawl::stop_source stop;
  owned_permit held = pawl::try_acquire_owned(shared_semaphore::owner(shared), 1).value();
  const call a = acquire_owned_once(shared_semaphore::owner(shared), 1, stop.get_token());
  together([&] { held.release(); }, [&] { stop.request_stop(); });
  require(a.granted() || a.failed_with(errc::cancelled));
}

// SEM-CANCEL: a cancelled wait holds nothing, blocks nobody, and leaves nothing behind.
#include "../semaphore/calls.hpp"

using namespace models;

namespace {

call cancellable(in_waker, semaphore& s, count_t n, pawl::stop_token token) {
  auto acquired = co_await s.acquire(n, token);
  co_return keep(std::move(acquired));
}

}  // namespace

PAWL_MODEL("cancel.permit", "a permit that meets a stop request is granted or stays",
           bounds{.threads = 3, .note = "a call of 1; a release of 1; a stop request"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call waiting = cancellable(in_waker{}, s, 1, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { s.release(1); });
  require(waiting.count() + s.available_permits() == 1, "SEM-CANCEL: the permit is lost");
}

PAWL_MODEL("cancel.unlinked", "the queue forgets a wait that was cancelled",
           bounds{.threads = 2,
                  .note = "calls of 1 and 1; the first is cancelled; a release of 1"}) {
  semaphore s(0);
  pawl::stop_source stop;
  call cancelled = cancellable(in_waker{}, s, 1, stop.get_token());
  const call waiting = acquire(in_waker{}, s, 1);
  together([&] { stop.request_stop(); });
  require(cancelled.failed_with(errc::cancelled));
  cancelled.destroy();
  s.release(1);
  require(waiting.granted());
}

PAWL_MODEL("cancel.canceller", "a wait ends when its canceller is through with it",
           bounds{.threads = 3, .note = "a call of 1; a release of 1; a stop request"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call waiting = cancellable(in_waker{}, s, 1, stop.get_token());
  together([&] { s.release(1); }, [&] { stop.request_stop(); });
  require(waiting.granted() || waiting.failed_with(errc::cancelled));
}

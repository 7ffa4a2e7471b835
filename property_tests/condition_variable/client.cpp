#include "client.hpp"

#include <chrono>
#include <utility>

namespace condition_programs {

using kind = operation::kind;

namespace {

using guard = pawl::mutex<std::uint64_t>::guard;

pawl::result<grant<nothing>> ended(guard held, const pawl::result<void>& r) {
  ++*held;
  return r.map([] { return grant<nothing>(); });
}

acquiring wait(pawl::scheduler*, board& b, call& c) {
  auto held = co_await b.ended.lock();
  const auto notified = co_await b.changed.wait(*held);
  c.end(ended(std::move(*held), notified));
}

acquiring wait_stoppable(pawl::scheduler*, board& b, call& c) {
  auto held = co_await b.ended.lock();
  const auto notified = co_await b.changed.wait(*held, c.stop.get_token());
  c.end(ended(std::move(*held), notified));
}

acquiring wait_twice(pawl::scheduler*, board& b, call& c) {
  auto held = co_await b.ended.lock();
  const auto seen = co_await b.changed.wait(*held, [looks = 0]() mutable { return ++looks == 3; });
  c.end(ended(std::move(*held), seen));
}

}  // namespace

std::optional<outcome> client::apply(const operation& op) {
  switch (op.what) {
    case kind::wait:
      start(op, &wait);
      return std::nullopt;
    case kind::wait_stoppable:
      start(op, &wait_stoppable);
      return std::nullopt;
    case kind::wait_twice:
      start(op, &wait_twice);
      return std::nullopt;
    case kind::wait_briefly:
      return wait_briefly();
    case kind::notify_one:
      return count_told(primitive_.changed.notify_one() ? 1 : 0);
    case kind::notify_all:
      return count_told(primitive_.changed.notify_all());
    case kind::stop:
      stop(op.which);
      return 0;
    case kind::destroy:
      destroy(op.which);
      return 0;
  }
  return 0;
}

outcome client::wait_briefly() {
  using namespace std::chrono_literals;
  guard held = std::move(primitive_.ended.lock_blocking()).value();
  const pawl::result<void> r = primitive_.changed.wait_blocking_for(held, 20us);
  ++*held;
  ++(r ? notified_ : late_);
  if (!r) return tl::unexpected<pawl::error>(r.error());
  return 0;
}

outcome client::count_told(std::uint64_t n) {
  told_ += n;
  return n;
}

}  // namespace condition_programs

#include "client.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace mutex_programs {

using kind = operation::kind;

namespace {

pawl::result<grant<mutex::guard>> enter(pawl::result<mutex::guard> locked) {
  return std::move(locked).map([](mutex::guard&& g) {
    const std::uint64_t place = (*g)++;
    return grant<mutex::guard>{std::move(g), place};
  });
}

acquiring lock(pawl::scheduler*, mutex& m, call& c) {
  auto locked = co_await m.lock();
  c.end(enter(std::move(locked)));
}

acquiring lock_stoppable(pawl::scheduler*, mutex& m, call& c) {
  auto locked = co_await m.lock(c.stop.get_token());
  c.end(enter(std::move(locked)));
}

}  // namespace

std::optional<outcome> client::apply(const operation& op) {
  using namespace std::chrono_literals;
  switch (op.what) {
    case kind::lock:
      start(op, &lock);
      return std::nullopt;
    case kind::lock_stoppable:
      start(op, &lock_stoppable);
      return std::nullopt;
    case kind::lock_briefly:
      return keep(primitive_.lock_blocking_for(20us));
    case kind::try_lock: {
      const outcome tried = keep(primitive_.try_lock());
      if (tried) pass();
      return tried;
    }
    case kind::clear_poison:
      return keep(primitive_.clear_poison());
    case kind::unlock:
    case kind::force_unlock:
    case kind::map:
    case kind::unwind:
      if (held_) let_go(op);
      return 0;
    case kind::stop:
      stop(op.which);
      return 0;
    case kind::destroy:
      destroy(op.which);
      return 0;
    case kind::poison:
      primitive_.poison();
      return 0;
  }
  return 0;
}

void client::collect() {
  collect_by([this](mutex::guard&& lock) { held_ = std::move(lock); });
}

outcome client::keep(pawl::result<mutex::guard> locked) {
  auto entered = enter(std::move(locked));
  if (!entered) return tl::unexpected<pawl::error>(entered.error());
  ++entries_;
  held_ = std::move(entered->held);
  return entered->number;
}

void client::let_go(const operation& op) {
  mutex::guard held = std::move(held_);
  switch (op.what) {
    case kind::force_unlock:
      std::move(held).forget();
      primitive_.force_unlock();
      break;
    case kind::map:
      std::move(held).map([](std::uint64_t& value) -> std::uint64_t& { return value; }).unlock();
      break;
    case kind::unwind:
      try {
        const mutex::guard dying = std::move(held);
        throw std::runtime_error("thrown while the lock is held");
      } catch (const std::runtime_error&) {}
      break;
    default:
      held.unlock();
  }
}

}  // namespace mutex_programs

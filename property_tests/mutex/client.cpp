#include "client.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace mutex_programs {

using kind = operation::kind;

namespace {

pawl::result<entry> enter(pawl::result<mutex::guard> locked) {
  return std::move(locked).map([](mutex::guard&& g) {
    const std::uint64_t place = (*g)++;
    return entry{std::move(g), place};
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

std::optional<client::outcome> client::apply(const operation& op) {
  using namespace std::chrono_literals;
  switch (op.what) {
    case kind::lock:
    case kind::lock_stoppable:
      start(op);
      return std::nullopt;
    case kind::lock_briefly:
      return keep(mutex_.lock_blocking_for(20us));
    case kind::try_lock: {
      const outcome tried = keep(mutex_.try_lock());
      if (tried) passed_ = started_;
      return tried;
    }
    case kind::clear_poison:
      return keep(mutex_.clear_poison());
    case kind::unlock:
    case kind::force_unlock:
    case kind::map:
    case kind::unwind:
      if (held_) let_go(op);
      return 0;
    case kind::stop:
      if (!all_.empty()) all_[op.which % all_.size()].stop.request_stop();
      return 0;
    case kind::destroy:
      if (started_ != 0) {
        call& c = own_[op.which % started_];
        c.was_destroyed = c.is_waiting();
        if (c.was_destroyed) c.coroutine = acquiring();
      }
      return 0;
    case kind::poison:
      mutex_.poison();
      return 0;
  }
  return 0;
}

void client::start(const operation& op) {
  call& c = own_[started_++];
  c.asked = op;
  c.coroutine = op.what == kind::lock ? lock(where_, mutex_, c) : lock_stoppable(where_, mutex_, c);
}

void client::collect() {
  for (call& c : started()) {
    if (c.was_collected || c.is_waiting()) continue;
    c.was_collected = true;
    c.outcome.with([&](auto& got) {
      if (*got) held_ = std::move((*got)->guard);
    });
  }
}

client::outcome client::keep(pawl::result<mutex::guard> locked) {
  auto entered = enter(std::move(locked));
  if (!entered) return tl::unexpected<pawl::error>(entered.error());
  ++entries_;
  held_ = std::move(entered->guard);
  return entered->place;
}

void client::let_go(const operation& op) {
  mutex::guard held = std::move(held_);
  switch (op.what) {
    case kind::force_unlock:
      std::move(held).forget();
      mutex_.force_unlock();
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

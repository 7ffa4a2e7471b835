#pragma once
// What client.hpp declares, for those who have a Mutex of their own.

#include <chrono>
#include <stdexcept>

#include "client.hpp"

namespace mutex_programs {

template <class Mutex>
pawl::result<grant<typename Mutex::guard>> client_of<Mutex>::enter(pawl::result<guard> locked) {
  return std::move(locked).map([](guard&& g) {
    const std::uint64_t place = (*g)++;
    // Else a client's coroutines would be taken for one holder, who waits for himself.
    if constexpr (requires { g.hand_over({}); }) g.hand_over({});
    return grant<guard>{std::move(g), place};
  });
}

template <class Mutex>
acquiring client_of<Mutex>::lock(pawl::scheduler*, Mutex& m, call& c) {
  auto locked = co_await m.lock();
  c.end(enter(std::move(locked)));
}

template <class Mutex>
acquiring client_of<Mutex>::lock_stoppable(pawl::scheduler*, Mutex& m, call& c) {
  auto locked = co_await m.lock(c.stop.get_token());
  c.end(enter(std::move(locked)));
}

template <class Mutex>
std::optional<outcome> client_of<Mutex>::apply(const operation& op) {
  using kind = operation::kind;
  using namespace std::chrono_literals;
  Mutex& m = this->primitive_;
  switch (op.what) {
    case kind::lock:
      this->start(op, &lock);
      return std::nullopt;
    case kind::lock_stoppable:
      this->start(op, &lock_stoppable);
      return std::nullopt;
    case kind::lock_briefly:
      return keep(m.lock_blocking_for(20us));
    case kind::try_lock: {
      const outcome tried = keep(m.try_lock());
      if (tried) this->pass();
      return tried;
    }
    case kind::clear_poison:
      return keep(m.clear_poison());
    case kind::unlock:
    case kind::force_unlock:
    case kind::map:
    case kind::unwind:
      if (held_) let_go(op);
      return 0;
    case kind::stop:
      this->stop(op.which);
      return 0;
    case kind::destroy:
      this->destroy(op.which);
      return 0;
    case kind::poison:
      m.poison();
      return 0;
  }
  return 0;
}

template <class Mutex>
outcome client_of<Mutex>::keep(pawl::result<guard> locked) {
  auto entered = enter(std::move(locked));
  if (!entered) return tl::unexpected<pawl::error>(entered.error());
  ++entries_;
  held_ = std::move(entered->held);
  return entered->number;
}

// A guard that can't be forgotten or mapped unlocks.
template <class Mutex>
void client_of<Mutex>::let_go(const operation& op) {
  using kind = operation::kind;
  constexpr auto same = [](std::uint64_t& value) -> std::uint64_t& { return value; };
  constexpr bool forgets = requires(guard g, Mutex m) {
    std::move(g).forget();
    m.force_unlock();
  };
  constexpr bool maps = requires(guard g) { std::move(g).map(same).unlock(); };
  guard held = std::move(held_);
  if (op.what == kind::unwind) {
    try {
      const guard dying = std::move(held);
      throw std::runtime_error("thrown while the lock is held");
    } catch (const std::runtime_error&) {}
    return;
  }
  if constexpr (forgets) {
    if (op.what == kind::force_unlock) {
      std::move(held).forget();
      return this->primitive_.force_unlock();
    }
  }
  if constexpr (maps) {
    if (op.what == kind::map) return std::move(held).map(same).unlock();
  }
  held.unlock();
}

}  // namespace mutex_programs

#include "client.hpp"

#include <chrono>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace shared_mutex_programs {

using kind = operation::kind;
using namespace std::chrono_literals;

namespace {

template <class Guard>
pawl::result<grant<guard>> enter(pawl::result<Guard> locked) {
  return std::move(locked).map([](Guard&& g) {
    const std::uint64_t before = *g;
    if constexpr (std::is_same_v<Guard, writer>) ++*g;
    return grant<guard>{std::move(g), before};
  });
}

acquiring read(pawl::scheduler*, shared_mutex& m, call& c) {
  auto locked = co_await m.lock_shared();
  c.end(enter(std::move(locked)));
}
acquiring read_stoppable(pawl::scheduler*, shared_mutex& m, call& c) {
  auto locked = co_await m.lock_shared(c.stop.get_token());
  c.end(enter(std::move(locked)));
}
acquiring read_upgradably(pawl::scheduler*, shared_mutex& m, call& c) {
  auto locked = co_await m.lock_upgrade();
  c.end(enter(std::move(locked)));
}
acquiring write(pawl::scheduler*, shared_mutex& m, call& c) {
  auto locked = co_await m.lock();
  c.end(enter(std::move(locked)));
}
acquiring write_stoppable(pawl::scheduler*, shared_mutex& m, call& c) {
  auto locked = co_await m.lock(c.stop.get_token());
  c.end(enter(std::move(locked)));
}

// What unlocks a guard that was forgotten.
void force_unlock(shared_mutex& m, const reader&) { m.force_unlock_shared(); }
void force_unlock(shared_mutex& m, const upgrader&) { m.force_unlock_upgrade(); }
void force_unlock(shared_mutex& m, const writer&) { m.force_unlock(); }

}  // namespace

std::optional<outcome> client::apply(const operation& op) {
  switch (op.what) {
    case kind::read:
      start(op, &read);
      return std::nullopt;
    case kind::read_stoppable:
      start(op, &read_stoppable);
      return std::nullopt;
    case kind::read_upgradably:
      start(op, &read_upgradably);
      return std::nullopt;
    case kind::write:
      start(op, &write);
      return std::nullopt;
    case kind::write_stoppable:
      start(op, &write_stoppable);
      return std::nullopt;
    case kind::write_briefly:
      return keep(primitive_.lock_blocking_for(20us));
    case kind::try_read:
      return keep(primitive_.try_lock_shared());
    case kind::try_read_upgradably:
      return keep(primitive_.try_lock_upgrade());
    case kind::try_write:
      return keep(primitive_.try_lock());
    case kind::clear_poison:
      return keep(primitive_.clear_poison());
    case kind::stop:
      stop(op.which);
      return 0;
    case kind::destroy:
      destroy(op.which);
      return 0;
    case kind::poison:
      primitive_.poison();
      return 0;
    default:
      return held_.empty() ? outcome(0) : change(op);
  }
}

void client::collect() {
  collect_by([this](guard&& g) { held_.push_back(std::move(g)); });
}

template <class Guard>
outcome client::keep(pawl::result<Guard> locked) {
  auto entered = enter(std::move(locked));
  if (!entered) return tl::unexpected<pawl::error>(entered.error());
  if (std::is_same_v<Guard, writer>) ++writes_;
  held_.push_back(std::move(entered->held));
  return entered->number;
}

// Takes the guard out, and puts it back, perhaps as another, or lets it go.
outcome client::change(const operation& op) {
  const auto at = held_.begin() + static_cast<std::ptrdiff_t>(op.which % held_.size());
  guard subject = std::move(*at);
  held_.erase(at);
  const auto keep_it = [&](guard g) { held_.push_back(std::move(g)); };
  auto* const u = std::get_if<upgrader>(&subject);
  auto* const w = std::get_if<writer>(&subject);
  switch (op.what) {
    case kind::try_upgrade:
    case kind::upgrade_briefly:
      if (u == nullptr) break;
      return upgrade(*u, op.what == kind::upgrade_briefly);
    case kind::downgrade:
      if (u == nullptr && w == nullptr) break;
      keep_it(u != nullptr ? std::move(*u).downgrade() : std::move(*w).downgrade());
      return 0;
    case kind::downgrade_to_upgradable:
      if (w == nullptr) break;
      keep_it(std::move(*w).downgrade_to_upgradable());
      return 0;
    case kind::force_unlock:
      std::visit(
          [this](auto& g) {
            std::move(g).forget();
            force_unlock(primitive_, g);
          },
          subject);
      return 0;
    case kind::unwind:
      try {
        const guard dying = std::move(subject);
        throw std::runtime_error("thrown while the lock is held");
      } catch (const std::runtime_error&) {}
      return 0;
    default:
      std::visit([](auto& g) { g.unlock(); }, subject);
      return 0;
  }
  keep_it(std::move(subject));
  return 0;
}

outcome client::upgrade(upgrader& from, bool briefly) {
  auto upgraded = briefly ? from.upgrade_blocking_for(20us) : from.try_upgrade();
  if (!upgraded) held_.push_back(std::move(from));
  return keep(std::move(upgraded));
}

}  // namespace shared_mutex_programs

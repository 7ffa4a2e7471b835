#pragma once
// What makes a primitive take part in telemetry.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/telemetry.hpp>

#include <coroutine>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

PAWL_BEGIN

class auto_reset_event;
class barrier;
class latch;
class manual_reset_event;
class notify;
class semaphore;
class wait_group;
template <class T>
class mutex;
template <class T>
class once_cell;
template <class T>
class set_once;
template <class T>
class shared_mutex;

// What kind of primitive it is. To be specialized for one's own.
template <class Primitive>
inline constexpr std::string_view telemetry_kind = "object";
template <>
inline constexpr std::string_view telemetry_kind<auto_reset_event> = "auto_reset_event";
template <>
inline constexpr std::string_view telemetry_kind<barrier> = "barrier";
template <>
inline constexpr std::string_view telemetry_kind<latch> = "latch";
template <>
inline constexpr std::string_view telemetry_kind<manual_reset_event> = "manual_reset_event";
template <>
inline constexpr std::string_view telemetry_kind<notify> = "notify";
template <>
inline constexpr std::string_view telemetry_kind<semaphore> = "semaphore";
template <>
inline constexpr std::string_view telemetry_kind<wait_group> = "wait_group";
template <class T>
inline constexpr std::string_view telemetry_kind<mutex<T>> = "mutex";
template <class T>
inline constexpr std::string_view telemetry_kind<once_cell<T>> = "once_cell";
template <class T>
inline constexpr std::string_view telemetry_kind<set_once<T>> = "set_once";
template <class T>
inline constexpr std::string_view telemetry_kind<shared_mutex<T>> = "shared_mutex";

namespace detail {

// Effects: what the primitive says of itself, by the member functions that it has. Nothing waits.
template <class Primitive>
void read_units(const Primitive& of, telemetry_snapshot& out) noexcept {
  if constexpr (requires { of.available_permits(); }) {
    out.available = of.available_permits();
  } else if constexpr (requires { of.max_readers(); }) {
    out.capacity = of.max_readers();
    out.occupied = of.is_locked_exclusively() ? of.max_readers() : of.readers();
  } else if constexpr (requires { of.is_locked(); }) {
    out.capacity = 1;
    out.occupied = of.is_locked() ? 1 : 0;
  } else if constexpr (requires { of.parties(); }) {
    out.capacity = of.parties();
    out.occupied = of.arrived();
  } else if constexpr (requires { of.remaining(); }) {
    out.occupied = of.remaining();
  } else if constexpr (requires { of.count(); }) {
    out.occupied = of.count();
  }
  if constexpr (requires { of.generation(); }) out.generation = of.generation();
}

template <class Primitive>
std::string_view read_state(const Primitive& of) noexcept {
  if constexpr (requires { of.is_poisoned(); }) {
    if (of.is_poisoned()) return "poisoned";
  }
  if constexpr (requires { of.is_closed(); }) {
    if (of.is_closed()) return "closed";
  }
  if constexpr (requires { of.is_locked(); }) {
    return of.is_locked() ? "locked" : "unlocked";
  } else if constexpr (requires { of.is_set(); }) {
    return of.is_set() ? "set" : "unset";
  } else if constexpr (requires { of.is_initialized(); }) {
    return of.is_initialized() ? "initialized" : "empty";
  } else {
    return "open";
  }
}

template <class Primitive>
void read_telemetry(const void* primitive, telemetry_snapshot& out) noexcept {
  const auto& of = *static_cast<const Primitive*>(primitive);
  out.kind = telemetry_kind<Primitive>;
  out.state = read_state(of);
  out.closed = out.state == "poisoned" || out.state == "closed";
  if constexpr (requires { of.has_waiters(); }) out.has_waiters = of.has_waiters();
  read_units(of, out);
}

// Effects: counts how a call ended.
template <class Result>
void note_end(probe_base& probe, const Result& ended) noexcept {
  if (ended) {
    probe.succeed();
  } else if (ended.error().code == errc::cancelled || ended.error().code == errc::timed_out) {
    probe.give_up();
  } else {
    probe.fail();
  }
}

// What a watched_op becomes in the awaiting coroutine.
template <class Op>
class watched_awaiter {
  using awaiter = decltype(std::declval<Op>().operator co_await());

 public:
  watched_awaiter(probe_base& by, Op& op) noexcept
      : probe_(by), awaiter_(std::move(op).operator co_await()) {
    probe_.begin();
  }
  watched_awaiter(const watched_awaiter&) = delete;
  watched_awaiter& operator=(const watched_awaiter&) = delete;
  ~watched_awaiter() {
    if (in_progress_ && !fault::destroyed_still_waits) probe_.give_up();
  }

  bool await_ready() noexcept { return awaiter_.await_ready(); }
  template <class Promise>
  auto await_suspend(std::coroutine_handle<Promise> by) noexcept {
    return awaiter_.await_suspend(by);
  }
  auto await_resume() noexcept {
    auto ended = awaiter_.await_resume();
    in_progress_ = false;
    note_end(probe_, ended);
    return ended;
  }

 private:
  probe_base& probe_;
  awaiter awaiter_;
  bool in_progress_ = true;
};

}  // namespace detail

// `co_await` it where it is made: as the operation that is watched.
template <class Op>
class [[nodiscard("co_await it")]] watched_op {
 public:
  template <class Make>
  watched_op(detail::probe_base& by, Make& make) noexcept : probe_(by), op_(make()) {}
  watched_op(watched_op&&) = delete;
  watched_op& operator=(watched_op&&) = delete;

  auto operator co_await() && noexcept { return detail::watched_awaiter<Op>(probe_, op_); }

 private:
  detail::probe_base& probe_;
  Op op_;
};

enum class probing : std::uint8_t { off, on };

// Makes a primitive take part in telemetry while it lives, under a name, whose characters outlive
// it, as the primitive does. What the primitive says of itself is looked at when somebody asks; of
// calls, those are counted that are made through watch and watch_blocking:
//
//   const auto permit = co_await probe.watch([&] { return slots.acquire(); });
//
// Cost: two read-modify-writes for each call that is watched, three and a look at the clock if it
//   succeeds; nothing for others. With probing::off nothing, in code as well.
template <class Primitive, probing Mode = probing::on>
class telemetry_probe : public detail::probe_base {
 public:
  telemetry_probe(telemetry& all, std::string_view name, const Primitive& of) noexcept
      : probe_base(all, name, std::addressof(of), &detail::read_telemetry<Primitive>) {}

  // Returns: the operation that make() returns, to be awaited; it is counted from then on.
  template <class Make>
  auto watch(Make make) noexcept {
    return watched_op<decltype(make())>(*this, make);
  }

  // Effects: calls f, a call that blocks or tries, and counts it. Returns: what f does.
  template <class F>
  auto watch_blocking(F f) {
    this->begin();
    auto ended = f();
    detail::note_end(*this, ended);
    return ended;
  }
};

template <class Primitive>
class telemetry_probe<Primitive, probing::off> {
 public:
  constexpr telemetry_probe(telemetry&, std::string_view, const Primitive&) noexcept {}

  template <class Make>
  auto watch(Make make) noexcept {
    return make();
  }
  template <class F>
  auto watch_blocking(F f) {
    return f();
  }

  // Nothing is known.
  [[nodiscard]] telemetry_snapshot snapshot() const noexcept { return {}; }
};

PAWL_END

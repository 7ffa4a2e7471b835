#pragma once
// What the primitives that have a place in the order of locks have in common.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/observed_mutex.hpp>
#include <pawl/sync/owned_acquire.hpp>

#include <coroutine>
#include <cstdint>
#include <memory>
#include <utility>

PAWL_BEGIN

enum class lock_checking : std::uint8_t { off, on };

namespace detail {

// Who calls.
class ordered_call {
 public:
  ordered_call() noexcept : who_(lock_holder::this_thread()) {}
  template <class Promise>
  explicit ordered_call(std::coroutine_handle<Promise> by) noexcept : who_(lock_holder::of(by)) {}

  void waits() const noexcept {}
  void waits_not() const noexcept {}
  [[nodiscard]] lock_holder who() const noexcept { return who_; }

 private:
  lock_holder who_;
};

// A primitive and its part in the order. `Possession<Grant>` is the guard or permit that is in the
// books, of one that is not.
template <class Primitive, template <class> class Possession>
class ordered {
 public:
  [[nodiscard]] const lock_kind& kind() const noexcept { return lock_.kind(); }

  // As those of the primitive.
  void poison() noexcept { of_.poison(); }
  [[nodiscard]] bool is_poisoned() const noexcept { return of_.is_poisoned(); }
  [[nodiscard]] bool has_waiters() const noexcept { return of_.has_waiters(); }

 protected:
  template <class... Args>
  explicit ordered(const lock_kind& kind, Args&&... args)
      : lock_(kind), of_(std::forward<Args>(args)...) {}

  // Returns: what to await: the operation that make() makes, if the order admits it.
  template <class Make>
  auto start(Make make) noexcept {
    return observed_lock_op<ordered, decltype(make())>(*this, make);
  }

  // Effects: wait(), for a thread. Throws: lock_order_violation.
  template <class Wait>
  auto block(Wait wait) {
    const call by;
    admit(by);
    return enter(wait(), by);
  }

  // Returns: what a try, which is not checked, was granted, and put into the books.
  template <class Grant>
  result<Possession<Grant>> enter(result<Grant> granted) noexcept {
    return enter(std::move(granted), call());
  }

  ordered_lock lock_;
  Primitive of_;

 private:
  template <class Mutex, class Op>
  friend class observed_lock_awaiter;
  template <template <class> class AnyPossession, class Grant>
  friend struct owned_ordered_acquire;
  using call = ordered_call;

  void admit(const call& by) { kind().order().check(lock_, by.who()); }

  template <class Grant>
  result<Possession<Grant>> enter(result<Grant> granted, const call& by) noexcept {
    if (!granted) return tl::unexpected<error>(granted.error());
    return result<Possession<Grant>>(tl::in_place, *std::move(granted), lock_, by.who());
  }
};

// Acquiring from one that is shared (owned_acquire): its users own the primitive, by a pointer that
// keeps all of it. Grant is the one that owns the primitive and is in no books.
template <template <class> class Possession, class Grant>
struct owned_ordered_acquire {
  using owner = typename Grant::owner_type;
  using subject = ordered<typename owner::element_type, Possession>;
  using operation = observed_lock_op<subject, acquire_op<Grant>>;

  template <class... Terms>
  static operation start(std::shared_ptr<subject> from, Terms... terms) {
    owned_acquire<Grant>::require(from);
    subject& of = *from;
    return operation(of, [&] { return owned_acquire<Grant>::start(part(from), terms...); });
  }
  template <class Acquire>
  static result<Possession<Grant>> block(std::shared_ptr<subject> from, Acquire acquire) {
    owned_acquire<Grant>::require(from);
    return from->block([&] { return owned_acquire<Grant>::finish(part(from), acquire); });
  }
  template <class Acquire>
  static result<Possession<Grant>> finish(std::shared_ptr<subject> from, Acquire acquire) {
    owned_acquire<Grant>::require(from);
    return from->enter(owned_acquire<Grant>::finish(part(from), acquire));
  }

 private:
  static owner part(const std::shared_ptr<subject>& of) noexcept { return {of, &of->of_}; }
};

}  // namespace detail

PAWL_END

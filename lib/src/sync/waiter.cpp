#include <pawl/sync/maybe.hpp>
#include <pawl/sync/waiter.hpp>

#include <optional>

PAWL_BEGIN

bool waiter::join(party_bits bits) noexcept {
  // [waiter.1] acq_rel: hands what this party did to the last one, who acquires it from all; pairs
  // with [waiter.1], [waiter.4], [waiter.7], [waiter.12].
  const party_bits before =
      party_.fetch_or(bits, fault::order_unless(fault::weak_party, memory_order_acq_rel));
  const auto after = static_cast<party_bits>(before | bits);
  return !is_settled(before) && is_settled(after) && (after & abandoned) == 0;
}

bool waiter::unsuspend() noexcept {
  const auto unsuspended = [](party_bits v) {
    return is_settled(v) ? std::nullopt : maybe(static_cast<party_bits>(v & ~suspended));
  };
  party_bits before = 0;
  // [waiter.2] relaxed: hands nothing over; what others have is kept by their release sequences.
  return update(party_, before, unsuspended, memory_order_relaxed, memory_order_relaxed)
      .has_value();
}

bool waiter::try_request(verdict reason) noexcept {
  // Nobody but the canceller looks at it before the request is in the inbox.
  reason_.write(reason);
  const auto with_request = [](party_bits v) {
    const bool is_open = (v & delivered) == 0;
    return is_open ? maybe(static_cast<party_bits>(v | requested)) : std::nullopt;
  };
  party_bits before = 0;
  // [waiter.3] relaxed: only decides between the request and the delivery; the request itself is
  // handed over by its push.
  return update(party_, before, with_request, memory_order_relaxed, memory_order_relaxed)
      .has_value();
}

bool waiter::is_requested() const noexcept {
  // [waiter.13] relaxed: whoever made it did so before the caller came here.
  return (party_.load(memory_order_relaxed) & requested) != 0;
}

bool waiter::join_finished() noexcept {
  // [waiter.4] acq_rel: what the canceller did happens before the resumption, and he may be the one
  // to resume; pairs with [waiter.1], [waiter.5], [waiter.6].
  const party_bits before = party_.fetch_or(finished, memory_order_acq_rel);
  const auto after = static_cast<party_bits>(before | finished);
  const bool settles = !is_settled(before) && is_settled(after) && (after & abandoned) == 0;
  return settles || (before & closing) != 0;
}

bool waiter::join_closing() noexcept {
  // [waiter.5] acq_rel: hands the resumption to the canceller, or acquires what he did; pairs with
  // [waiter.4].
  return (party_.fetch_or(closing, memory_order_acq_rel) & finished) != 0;
}

bool waiter::try_abandon() noexcept {
  // [waiter.10] relaxed: only decides who ends the wait; await_delivered acquires.
  return !is_settled(party_.fetch_or(abandoned, memory_order_relaxed));
}

void waiter::abandon_unsuspended() noexcept {
  // [waiter.11] relaxed: as [waiter.10]; nobody resumes a waiter whose call has not left.
  party_.fetch_or(static_cast<party_bits>(suspended | finished | abandoned), memory_order_relaxed);
}

bool waiter::is_delivered() const noexcept {
  // [waiter.12] acquire: the verdict is read next; pairs with [waiter.1].
  return (party_.load(memory_order_acquire) & delivered) != 0;
}

void waiter::await_finished() const noexcept {
  const auto is_finished = [](party_bits v) { return (v & finished) != 0; };
  // [waiter.6] acquire: the canceller's last access happens before the destruction; pairs with
  // [waiter.4].
  spin_until(party_, is_finished, memory_order_acquire);
}

void waiter::await_delivered() const noexcept {
  const auto is_through = [](party_bits v) {
    return (v & delivered) != 0 && ((v & requested) == 0 || (v & withdrawn) != 0);
  };
  // [waiter.7] acquire: the holders' last accesses happen before the destruction; pairs with
  // [waiter.1].
  spin_until(party_, is_through, memory_order_acquire);
}

PAWL_END

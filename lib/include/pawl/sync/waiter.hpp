#pragma once
// One waiting call, in the queue of a synchronizer.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/task/work_item.hpp>

#include <cstdint>

PAWL_BEGIN

using count_t = std::uint64_t;

// What became of a wait. The failures are the errc of the same name.
enum class verdict : std::uint8_t {
  pending = 0,
  cancelled = static_cast<std::uint8_t>(errc::cancelled),
  timed_out = static_cast<std::uint8_t>(errc::timed_out),
  closed = static_cast<std::uint8_t>(errc::closed),
  poisoned = static_cast<std::uint8_t>(errc::poisoned),
  exceeds_limit = static_cast<std::uint8_t>(errc::exceeds_limit),
  granted = 255,
};

// Returns: whether it is what a request to withdraw made of the wait.
constexpr bool is_by_request(verdict v) noexcept {
  return v == verdict::cancelled || v == verdict::timed_out;
}

class waiter;

// What lies in the inbox of a synchronizer: the arrival of a waiter, or the request to withdraw
// one. The two have links of their own, so that a waiter can be in both roles at once.
class inbox_entry {
 public:
  constexpr inbox_entry() noexcept = default;
  static inbox_entry arrival(waiter& w) noexcept { return inbox_entry(address(w)); }
  static inbox_entry request(waiter& w) noexcept { return inbox_entry(address(w) | request_tag); }
  static constexpr inbox_entry from_bits(std::uintptr_t bits) noexcept { return inbox_entry(bits); }

  constexpr explicit operator bool() const noexcept { return bits_ != 0; }
  [[nodiscard]] bool is_request() const noexcept { return (bits_ & request_tag) != 0; }
  [[nodiscard]] waiter& subject() const noexcept {
    return *reinterpret_cast<waiter*>(bits_ & ~request_tag);
  }
  [[nodiscard]] constexpr std::uintptr_t bits() const noexcept { return bits_; }

  // The entry that was pushed before this one.
  [[nodiscard]] inline cell<inbox_entry>& below() const noexcept;

 private:
  static constexpr std::uintptr_t request_tag = 1;

  constexpr explicit inbox_entry(std::uintptr_t bits) noexcept : bits_(bits) {}
  static std::uintptr_t address(waiter& w) noexcept { return reinterpret_cast<std::uintptr_t>(&w); }

  std::uintptr_t bits_ = 0;
};

// The intrusive part of every wait. It lives in the awaiter, so in the coroutine's frame, or on the
// stack of the thread that waits: waiting allocates nothing. As a work_item it is run once, when
// the wait is settled: whoever derives from it decides there how to resume.
//
// Who may touch the plain fields:
//   below_arrival_, below_request_   whoever pushes the entry; after the push, the holder of LOCK;
//                                    after the request was taken out, the holder's wake_list.
//                                    Of a queued waiter, below_arrival_ may serve the queue
//   next_, prev_                     the holder of LOCK, while the waiter is queued; once it is
//                                    out, the wake_list of the holder that took it out
//   weight_, verdict_, baton_,       the holder of LOCK until `delivered`; then the waiting call
//   overtaken_
//   reason_                          the canceller, before it pushes the request; then the holder
//
// The party word decides who resumes (SEM-CANCEL). Each bit is set by one party, as its last access
// to the waiter:
//
//   bit       | says                                              | set by
//   suspended | the waiting call has left for good                | the waiting call
//   delivered | the verdict stands, the holder is through         | the holder that took it out
//   requested | a request to withdraw it was made, and is coming  | the canceller
//   withdrawn | that request has come to a holder of LOCK         | the holder that took it out
//   finished  | no canceller from outside (wait.hpp) is busy      | the canceller; without one, the
//             |                                                   | waiting call
//   closing   | a canceller who came too late resumes, if last    | whoever settled the wait
//   abandoned | nobody resumes: the coroutine is being destroyed  | its destroyer
//
// A wait is settled when suspended, delivered, and, if requested, withdrawn and finished. What is
// settled stays so: `requested` does not come after `delivered`, and the one bit that is ever taken
// back, `suspended`, only from a wait that is not settled. So exactly one party sees it become so.
class waiter : public work_item {
 public:
  using party_bits = std::uint8_t;
  static constexpr party_bits suspended = 1;
  static constexpr party_bits delivered = 2;
  static constexpr party_bits requested = 4;
  static constexpr party_bits withdrawn = 8;
  static constexpr party_bits finished = 16;
  static constexpr party_bits closing = 32;
  static constexpr party_bits abandoned = 64;

  // Waits for `weight` permits; with `up_to`, for at least one and at most `weight` of them. With
  // `lingers`, the waiting call may take its time to leave, so it can't go on with a turn.
  waiter(function settled, count_t weight, bool up_to, bool lingers = false) noexcept
      : work_item(settled), weight_(weight), up_to_(up_to), lingers_(lingers) {}

  [[nodiscard]] count_t weight() const noexcept { return weight_.read(); }
  [[nodiscard]] count_t least() const noexcept { return up_to_ && weight() != 0 ? 1 : weight(); }
  [[nodiscard]] bool takes_fewer() const noexcept { return up_to_; }
  [[nodiscard]] bool lingers() const noexcept { return lingers_ && !fault::idle_carrier; }

  // Effects: waits for, or by, something else. Precondition: it is not in the inbox yet.
  void reweigh(count_t weight) noexcept { weight_.write(weight); }

 protected:
  // Effects: the party that owns `bits` joins, as its last access to the waiter unless the result
  //   is true.
  // Returns: whether the wait is settled now, and by this call: then the caller sees to the rest.
  [[nodiscard]] bool join(party_bits bits) noexcept;

  // Effects: takes back `suspended`, so that the waiting thread can do something else first.
  // Returns: false if the wait is settled: it stays suspended, and is being resumed.
  [[nodiscard]] bool unsuspend() noexcept;

  // Effects: reserves the one request to withdraw.
  // Returns: false if the verdict stands.
  // Precondition: none was made before.
  [[nodiscard]] bool try_request(verdict reason) noexcept;

  // Returns: whether a request was made. Precondition: nobody is making one.
  [[nodiscard]] bool is_requested() const noexcept;

  // Returns: whether the canceller, who is through, has to resume: the wait is settled now, by this
  //   call, or was before, and whoever saw it has left it to him.
  [[nodiscard]] bool join_finished() noexcept;

  // Returns: whether the canceller is through, so that the caller has to resume.
  [[nodiscard]] bool join_closing() noexcept;

  // Effects: nobody will resume the wait, if that is still open.
  // Returns: false if it is settled: somebody resumes it, or has put it off.
  [[nodiscard]] bool try_abandon() noexcept;

  // Effects: as try_abandon, for a call that has not left, and never will.
  void abandon_unsuspended() noexcept;

  // Returns: whether the verdict stands, and the holder is through.
  // Memory ordering: if so, what he did, and what led to the verdict, happened before.
  [[nodiscard]] bool is_delivered() const noexcept;

  // Effects: waits until the canceller is through, or the holders are: until a thread that runs
  //   none but our code has done a fixed number of steps.
  void await_finished() const noexcept;
  void await_delivered() const noexcept;

  [[nodiscard]] verdict outcome() const noexcept { return verdict_.read(); }
  [[nodiscard]] bool has_baton() const noexcept { return baton_.read(); }

 private:
  friend class inbox_entry;
  friend class waiter_queue;
  friend class two_part_queue;
  friend class wake_list;
  template <class Store>
  friend class synchronizer;

  static constexpr bool is_settled(party_bits v) noexcept {
    const party_bits gone = fault::canceller_ignored ? withdrawn : withdrawn | finished;
    const party_bits needed = fault::suspender_ignored ? delivered : suspended | delivered;
    return (v & needed) == needed && ((v & requested) == 0 || (v & gone) == gone);
  }

  cell<inbox_entry> below_arrival_;
  cell<inbox_entry> below_request_;
  cell<waiter*> next_{nullptr};
  cell<waiter*> prev_{nullptr};
  cell<count_t> weight_;  // asked for; when granted, given
  atomic<party_bits> party_{0};
  cell<verdict> verdict_{verdict::pending};
  cell<verdict> reason_{verdict::pending};  // what a request makes the verdict
  cell<bool> baton_{false};          // the resumed call goes on with the turn that resumed it
  cell<std::uint8_t> overtaken_{0};  // two_part_queue's
  const bool up_to_;
  const bool lingers_;
};

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(waiter) <= 64, "a waiter is at most one cache line");
#endif
static_assert(alignof(waiter) > 1, "the low bit of an address is the tag of inbox_entry");

inline cell<inbox_entry>& inbox_entry::below() const noexcept {
  return is_request() ? subject().below_request_ : subject().below_arrival_;
}

PAWL_END

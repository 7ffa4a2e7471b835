#pragma once
// What one holding of LOCK owes to waiters, kept until LOCK is dropped.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/waiter.hpp>

PAWL_BEGIN

// Lives on the holder's stack. Delivering runs no user code (inline resumptions are put off, see
// inline_queue.hpp), so no list is held across a resumption: a resumed coroutine may destroy any
// other waiter and the synchronizer itself.
class wake_list {
 public:
  // With `finished`, whose request is among those added: its canceller is through by that.
  explicit wake_list(waiter* finished) noexcept : finished_(finished) {}
  wake_list(const wake_list&) = delete;
  wake_list& operator=(const wake_list&) = delete;

  // Effects: `w`, taken out of the queue, will learn its verdict. A waiter is decided only once.
  void add_decided(waiter& w, verdict v) noexcept;

  // Effects: the request to withdraw `w` has come to the holder. If `w` was still queued, it
  //   has been taken out, and the request decides.
  void add_request(waiter& w, bool was_queued) noexcept;

  // Effects: the last waiter decided who can will go on with the turn. Precondition: there is one.
  void give_baton() noexcept { carrier_->baton_.write(true); }

  // Effects: joins the parties of all waiters on the list, in the order of the verdicts.
  void deliver() noexcept {
    if (first_ != nullptr) deliver_verdicts();
    if (requests_ != nullptr) deliver_requests();
  }

 private:
  void deliver_verdicts() noexcept;
  void deliver_requests() noexcept;
  void deliver(waiter& w, unsigned bits) noexcept;

  waiter* first_ = nullptr;
  waiter* last_ = nullptr;
  waiter* carrier_ = nullptr;   // the last who does not linger
  waiter* requests_ = nullptr;  // linked through below_request_
  waiter* const finished_;
};

PAWL_END

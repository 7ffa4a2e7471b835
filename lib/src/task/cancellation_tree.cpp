#include <pawl/task/cancellation_tree.hpp>

#include <pawl/backend/fault.hpp>

#include <cassert>

PAWL_BEGIN

namespace detail {

// Called with the lock.
void cancellation_call::leave() noexcept {
  // [cancel.1] relaxed: ~cancellation_tree looks at it with the lock.
  presence_.store(presence::outside, memory_order_relaxed);
}

bool cancellation_call::enter() noexcept {
  presence expected = presence::outside;
  // [cancel.2] acquire/acquire: if it fails, what the end of the tree did to the record happens
  // before that one's; pairs with [cancel.3]. Who enters needs no order: g++ 12 wants a success
  // that is no weaker than the failure.
  return presence_.compare_exchange_strong(expected, presence::inside, memory_order_acquire,
                                           memory_order_acquire);
}

// Called with the lock. Precondition: the record is on no list.
bool cancellation_call::abandon() noexcept {
  presence expected = presence::outside;
  // [cancel.3] release/relaxed: hands the record back to its call; pairs with [cancel.2].
  return presence_.compare_exchange_strong(expected, presence::abandoned, memory_order_release,
                                           memory_order_relaxed);
}

cancellation_tree::~cancellation_tree() {
  lock();
  closing_.write(true);
  ring_link<calls> all;
  all.take_after(calls_);
  while (!all.is_alone()) {
    auto& call = static_cast<cancellation_call&>(all.next());
    call.unlink();
    if (!call.abandon()) calls_.insert_after(call);
  }
  if (calls_.is_alone()) return;
  unlock();
  const auto is_empty = [](bits s) { return s == empty_bit; };
  // [cancel.4] acquire: the last call's accesses happen before the end; pairs with [cancel.6].
  spin_until(state_, is_empty, memory_order_acquire);
}

void cancellation_tree::lock() noexcept {
  const auto is_free = [](bits s) { return (s & locked_bit) == 0; };
  const auto take = [](bits) { return locked_bit; };
  // [cancel.5] acquire: sees what the last holder left; pairs with [cancel.6].
  spin_update(state_, is_free, take, memory_order_acquire);
}

void cancellation_tree::unlock(bits left) noexcept {
  // [cancel.6] release: hands over what the lock protects; pairs with [cancel.4], [cancel.5].
  state_.store(left, fault::order_unless(fault::weak_tree_unlock, memory_order_release));
}

void cancellation_tree::add_child(cancellation_node& parent, cancellation_node& child) noexcept {
  lock();
  if (parent.core.stop_requested() && !fault::born_running) {
    mark(child, parent.reason.read());
  } else {
    parent.children.insert_after(child);
  }
  unlock();
}

void cancellation_tree::remove(cancellation_node& source) noexcept {
  lock();
  if (!fault::children_abandoned) source.take_after(source.children);
  source.unlink();
  unlock();
}

// The reason comes first: who sees that the source is stopped may look at it.
void cancellation_tree::mark(cancellation_node& source, stop_reason why) noexcept {
  source.reason.write(why);
  source.core.mark();
}

bool cancellation_tree::cancel(cancellation_node& source, stop_reason why,
                               atomic<bool>* begun) noexcept {
  if (fault::hasty_second && source.core.stop_requested()) return false;
  cancellation_call call(why);
  lock();
  const bool first = begin(call, source);
  unlock();
  if (begun != nullptr) {
    // [cancel.7] release: what the call did to the source happens before its end; pairs with
    // [trigger.1].
    begun->store(true, memory_order_release);
  }
  finish(call);
  return first;
}

// Effects: the call is on the tree's list. If it is the first for the source, marks that.
bool cancellation_tree::begin(cancellation_call& call, cancellation_node& source) noexcept {
  if (source.core.stop_requested()) {
    call.is_marking_.write(false);
    calls_.insert_before(call);
    return false;
  }
  calls_.insert_after(call);
  call.unvisited_.insert_after(source);
  mark_one();
  return true;
}

void cancellation_tree::finish(cancellation_call& call) noexcept {
  for (;;) {
    lock();
    if (closing_.read()) break;
    if (!mark_one()) {
      if (call.marked_.is_alone()) break;
      if (stop_node* const node = take_node(call)) {
        call.leave();
        unlock();
        stop_source::run(*node);
        if (!fault::root_expected && !call.enter()) return;
        continue;
      }
    }
    unlock();
  }
  call.unlink();
  unlock(closing_.read() && calls_.is_alone() ? empty_bit : 0);
}

// Effects: marks the next source that some call has come upon, or sees that a call has no more.
// Returns: false if there was nothing to do: every source below a marked one is marked.
bool cancellation_tree::mark_one() noexcept {
  if (calls_.is_alone()) return false;
  auto& call = static_cast<cancellation_call&>(calls_.next());
  if (!call.is_marking_.read()) return false;
  if (call.unvisited_.is_alone()) {
    call.is_marking_.write(false);
    calls_.insert_before(call);
    return true;
  }
  auto& source = static_cast<cancellation_node&>(call.unvisited_.next());
  mark(source, call.reason_);
  call.marked_.insert_before(source);
  call.unvisited_.take_after(source.children);
  return true;
}

// Returns: a node of the first source that the call has marked; null if that has none left, and it
//   is off the list then.
stop_node* cancellation_tree::take_node(cancellation_call& call) noexcept {
  auto& source = static_cast<cancellation_node&>(call.marked_.next());
  stop_node* const node = source.core.take();
  if (node == nullptr) source.unlink();
  return node;
}

}  // namespace detail

PAWL_END

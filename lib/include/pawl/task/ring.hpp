#pragma once
// Circular lists, linked through their members.

#include <pawl/backend/backend.hpp>

PAWL_BEGIN

namespace detail {

// A place in a ring, alone at first. A list is a ring with one place that is no member: its head.
// Not synchronized: whoever may touch a ring may touch the links of all places in it.
//
// A link finds what it is part of by inheritance; the tag tells apart the links of one object.
template <class Tag>
class ring_link {
 public:
  constexpr ring_link() noexcept : next_(this), previous_(this) {}
  ring_link(const ring_link&) = delete;
  ring_link& operator=(const ring_link&) = delete;

  // Returns: whether no other place is in the ring.
  [[nodiscard]] bool is_alone() const noexcept { return next_.read() == this; }

  // Returns: the place after this one, which is this one if it is alone.
  [[nodiscard]] ring_link& next() const noexcept { return *next_.read(); }

  // Effects: takes this place out of its ring.
  void unlink() noexcept {
    join(*previous_.read(), *next_.read());
    join(*this, *this);
  }

  // Effects: takes `other` out of its ring, and puts it behind this place.
  void insert_after(ring_link& other) noexcept {
    other.unlink();
    join(other, *next_.read());
    join(*this, other);
  }

  // Effects: takes `other` out of its ring, and puts it in front of this place.
  void insert_before(ring_link& other) noexcept {
    other.unlink();
    join(*previous_.read(), other);
    join(other, *this);
  }

  // Effects: all members of the list whose head is `head` follow this place, in order; the list is
  //   empty. Precondition: this place is not in that list.
  void take_after(ring_link& head) noexcept {
    if (head.is_alone()) return;
    ring_link& first = *head.next_.read();
    ring_link& last = *head.previous_.read();
    join(head, head);
    join(last, *next_.read());
    join(*this, first);
  }

 private:
  static void join(ring_link& before, ring_link& after) noexcept {
    before.next_.write(&after);
    after.previous_.write(&before);
  }

  cell<ring_link*> next_;
  cell<ring_link*> previous_;
};

}  // namespace detail

PAWL_END

#pragma once
// A mutex, or something around one, beside what it should be.

#include "../side_by_side.hpp"
#include "client.hpp"
#include "prediction.hpp"

namespace mutex_programs {

template <class Mutex>
class compared : public side_by_side<client_of<Mutex>, prediction> {
 public:
  using side_by_side<client_of<Mutex>, prediction>::side_by_side;
  ~compared() { this->primitive_.poison(); }

 protected:
  void compare() const override {
    this->compare_order();
    const reference& expected = this->prediction_.expected();
    RC_ASSERT(this->primitive_.is_locked() == expected.is_locked());
    RC_ASSERT(this->primitive_.has_waiters() == expected.has_waiters());
    RC_ASSERT(this->primitive_.is_poisoned() == expected.is_poisoned());
    RC_ASSERT(this->client_.has_lock() == expected.is_locked());
  }
};

}  // namespace mutex_programs

#pragma once
// A semaphore beside what it should be, by whichever Client.

#include <vector>

#include "../side_by_side.hpp"
#include "operation.hpp"
#include "prediction.hpp"

namespace semaphore_programs {

template <class Client>
class compared final : public side_by_side<Client, prediction> {
 public:
  using side_by_side<Client, prediction>::side_by_side;
  ~compared() { this->primitive_.close(); }

 private:
  void compare() const override {
    this->compare_order();
    const reference& expected = this->prediction_.expected();
    RC_ASSERT(this->primitive_.available_permits() == expected.available());
    RC_ASSERT(this->primitive_.has_waiters() == expected.has_waiters());
    RC_ASSERT(this->primitive_.is_poisoned() == expected.is_poisoned());
    RC_ASSERT(this->primitive_.is_closed() == expected.is_closed());
    std::vector<pawl::count_t> held;
    for (const pawl::permit& each : this->client_.permits()) held.push_back(each.count());
    RC_ASSERT(held == this->prediction_.held());
  }
};

}  // namespace semaphore_programs

#pragma once
// A scheduler of pawl as one of senders.

#include <pawl/backend/backend.hpp>
#include <pawl/interop/receiver.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/work_item.hpp>

#include <utility>

PAWL_BEGIN

// What schedule(where).connect(receiver) gives. Immovable: it is the work item.
template <class Receiver>
class [[nodiscard]] schedule_operation final : work_item {
 public:
  schedule_operation(scheduler& where, Receiver to)
      : work_item(&arrived), where_(where), receiver_(std::move(to)) {}

  // Effects: schedules it. Precondition: it was not started before, and stays alive until the
  //   receiver is told.
  void start() & noexcept { where_.schedule(*this); }

 private:
  static void arrived(work_item& self) noexcept {
    auto& to = static_cast<schedule_operation&>(self).receiver_;
    if (detail::stop_token_in(detail::environment_of(to)).stop_requested()) {
      std::move(to).set_stopped();
    } else {
      std::move(to).set_value();
    }
  }

  scheduler& where_;
  Receiver receiver_;
};

// What schedule gives. Can be connected as often as one likes.
class [[nodiscard]] schedule_sender {
 public:
  using value_type = void;
  using completion_signatures = pawl::completion_signatures<set_value_t(), set_stopped_t()>;

  explicit schedule_sender(scheduler& where) noexcept : where_(&where) {}

  template <receiver_of<void> Receiver>
  schedule_operation<Receiver> connect(Receiver to) const {
    return schedule_operation<Receiver>(*where_, std::move(to));
  }

 private:
  scheduler* where_;
};

// Returns: a sender that completes on `where`: with set_value(), or with set_stopped() if the
//   receiver's token says so then. Nothing is allocated, nothing throws.
inline schedule_sender schedule(scheduler& where) noexcept { return schedule_sender(where); }

PAWL_END

#pragma once
// A deadline that passes while who waits for it is being destroyed.

#include <pawl/task/scheduler.hpp>
#include <pawl/task/timer.hpp>
#include <pawl/task/work_item.hpp>

#include "support.hpp"

namespace models {

// A place with one timer, whose time is up when its owner wants to have it back.
class late_timer final : public pawl::scheduler, public pawl::timer_service {
 public:
  void schedule(pawl::work_item&) noexcept override {
    require(false, "a coroutine that was destroyed is resumed");
  }
  pawl::timer_service* timers() noexcept override { return this; }
  void arm(pawl::timer_item& item) noexcept override { item_ = &item; }
  bool try_disarm(pawl::timer_item&) noexcept override {
    is_up_.open();
    return false;
  }

  void wait() const { is_up_.wait(); }
  void expire() { item_->expired(*item_); }
  void run() {
    wait();
    expire();
  }

 private:
  pawl::timer_item* item_ = nullptr;
  gate is_up_;
};

}  // namespace models

#pragma once
// A drained_inbox whose drains are run by who orders them.

#include <pawl/interop/drained_inbox.hpp>

#include "../support.hpp"

namespace models {

class drained final : public pawl::scheduler {
 public:
  void schedule(pawl::work_item& item) noexcept override {
    if (!inbox_.push(item)) return;
    // The executor's own notes: taken when it is ordered, given back when it begins.
    ordered_.write(true);
    ordered_.write(false);
    inbox_.drain(*this);
  }

 private:
  pawl::detail::drained_inbox inbox_;
  pawl::cell<bool> ordered_{false};
};

// Counts how often it runs.
class counted : public pawl::work_item {
 public:
  counted() : work_item(&count) {}

  bool ran() const { return times_.read() == 1; }

 private:
  static void count(pawl::work_item& self) noexcept {
    auto& times = static_cast<counted&>(self).times_;
    times.write(times.read() + 1);
  }

  pawl::cell<unsigned> times_{0};
};

}  // namespace models

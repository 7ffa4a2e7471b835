#pragma once
// A thread of a client, for histories that fit a sequential specification.

#include <pawl/backend/backend.hpp>

#include <cstdint>
#include <vector>

#include "support.hpp"

namespace models {

// Performs operations one after the other. Calls may wait meanwhile, for ever too: they are kept.
// Recorded has void perform(operation, std::vector<call>& kept).
template <class Recorded>
class performer {
 public:
  performer(Recorded& r, const std::vector<std::uint32_t>& operations)
      : thread_([this, &r, &operations] {
          for (const std::uint32_t each : operations) r.perform(each, calls_);
        }) {}

  void join() { thread_.join(); }
  // Precondition: nothing waits any more.
  void await_calls() const {
    for (const call& each : calls_) (void)each.result();
  }

 private:
  std::vector<call> calls_;
  pawl::thread thread_;
};

}  // namespace models

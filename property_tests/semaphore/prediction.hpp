#pragma once
// What client.hpp does, done with the reference.

#include <cstddef>
#include <optional>
#include <vector>

#include "../prediction.hpp"
#include "operation.hpp"
#include "reference.hpp"

namespace semaphore_programs {

class prediction : public basic_prediction<reference> {
 public:
  prediction(std::size_t calls, pawl::count_t permits) : basic_prediction(calls, permits) {}

  std::optional<outcome> apply(const operation& op);

  const std::vector<pawl::count_t>& held() const { return held_; }

 private:
  void acquire(const operation& op);
  void collect();
  outcome keep(outcome got);
  outcome split(const operation& op);
  outcome merge(const operation& op);
  pawl::count_t take_out(std::size_t which);

  std::vector<pawl::count_t> held_;
  std::size_t collected_ = 0;  // of log()
};

}  // namespace semaphore_programs

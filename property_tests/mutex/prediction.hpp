#pragma once
// What client.hpp does, done with the reference.

#include <optional>

#include "../prediction.hpp"
#include "operation.hpp"
#include "reference.hpp"

namespace mutex_programs {

class prediction : public basic_prediction<reference> {
 public:
  using basic_prediction::basic_prediction;

  std::optional<outcome> apply(const operation& op);
};

}  // namespace mutex_programs

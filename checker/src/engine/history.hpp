// The histories of calls that an execution records (pawl/check/linearizable.hpp).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <pawl/check/history.hpp>

namespace pawl::check::engine {

struct history {
  std::unique_ptr<rt::sequential_object> initial;
  std::string specification;  ///< Its name.
  std::vector<std::unique_ptr<rt::history_call>> calls;
};

/// All of one run.
struct recorded_histories {
  std::vector<history> all;
  std::uint32_t moments = 0;  ///< That were noted.
};

}  // namespace pawl::check::engine

// A request that makes no sense.
#pragma once

#include <stdexcept>

namespace pawl::check::tool {

/// What is wrong, as a sentence that names the option and the value.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A compiler has told what is wrong.
struct build_failed : std::runtime_error {
  build_failed() : std::runtime_error("the program does not compile") {}
};

}  // namespace pawl::check::tool

// explore() without an engine: what it reports depends on the name of the model.
#pragma once

#include <functional>

#include <pawl/check/explore.hpp>

/// Replaces the script while it lives.
class script {
 public:
  using function = std::function<pawl::check::report(
      const pawl::check::options&, const std::function<bool(const pawl::check::progress&)>&)>;
  explicit script(function);
  script(const script&) = delete;
  script& operator=(const script&) = delete;
  ~script();
};

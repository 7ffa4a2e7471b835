// The static data of the executable, to tell whether a run of the program writes any.
#pragma once

#include <cstddef>
#include <vector>

namespace pawl::check::engine {

class static_data {
 public:
  /// Remembers every byte.
  void remember();
  /// True if one has changed since.
  [[nodiscard]] bool changed() const;

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace pawl::check::engine

// Values of large atomic objects: those that are no word of the engine, since they have more than 8
// bytes or do not lie within a granule of shadow memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <pawl/check/runtime.hpp>

namespace pawl::check::instrumented {

/// Numbers that the engine has in place of values: equal ones for equal bytes. They follow from the
/// bytes, so that they are the same in every process, and are known as long as it lives.
class large_values {
 public:
  [[nodiscard]] rt::word number_of(std::span<const std::byte>);
  [[nodiscard]] rt::word number_of(const void* p, std::size_t size) {
    return number_of({static_cast<const std::byte*>(p), size});
  }
  /// Of a number that number_of() has returned; they stay where they are.
  [[nodiscard]] std::span<const std::byte> bytes_of(rt::word number) const;
  /// "{0x6100009000c0, 3}"
  [[nodiscard]] std::string text_of(rt::word number) const;

 private:
  std::unordered_map<rt::word, std::vector<std::byte>> known_;
};

extern large_values& the_large_values;

}  // namespace pawl::check::instrumented

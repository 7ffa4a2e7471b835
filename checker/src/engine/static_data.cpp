#include "static_data.hpp"

#include <cstring>
#include <span>

// Where the linker puts .data and .bss, the tables of the dynamic linker not included.
extern "C" std::byte __data_start[], _end[];  // NOLINT(bugprone-reserved-identifier)

namespace pawl::check::engine {
namespace {

std::span<const std::byte> all() { return {__data_start, _end}; }

}  // namespace

void static_data::remember() { bytes_.assign(all().begin(), all().end()); }

bool static_data::changed() const {
  return bytes_.size() != all().size() ||
         std::memcmp(bytes_.data(), all().data(), bytes_.size()) != 0;
}

}  // namespace pawl::check::engine

#include "large_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "../../fiber/memory.hpp"

namespace pawl::check::instrumented {
namespace {

using bytes = std::span<const std::byte>;

rt::word word_at(bytes value, std::size_t at, std::size_t size) {
  rt::word w = 0;
  std::memcpy(&w, value.data() + at, std::min(size, value.size() - at));
  return w;
}

rt::word hash_of(bytes value) {
  rt::word h = value.size();
  for (std::size_t i = 0; i < value.size(); i += sizeof(rt::word)) {
    h = (h ^ word_at(value, i, sizeof(rt::word))) * 0x9e3779b97f4a7c15u;
    h ^= h >> 32;
  }
  return h;
}

}  // namespace

large_values& the_large_values = *new large_values;

rt::word large_values::number_of(bytes value) {
  const fiber::outside_heap outside;
  for (rt::word number = hash_of(value);; ++number) {
    const auto at = known_.find(number);
    if (at == known_.end()) {
      known_.emplace(number, std::vector(value.begin(), value.end()));
      return number;
    }
    if (std::ranges::equal(at->second, value)) return number;
  }
}

bytes large_values::bytes_of(rt::word number) const { return known_.at(number); }

std::string large_values::text_of(rt::word number) const {
  const bytes value = bytes_of(number);
  const std::size_t unit = value.size() % 8 == 0 ? 8 : value.size() % 4 == 0 ? 4 : 1;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < value.size(); i += unit) {
    const rt::word w = word_at(value, i, unit);
    words.push_back(w < 1'000'000 ? fmt::format("{}", w) : fmt::format("{:#x}", w));
  }
  return fmt::format("{{{}}}", fmt::join(words, ", "));
}

}  // namespace pawl::check::instrumented

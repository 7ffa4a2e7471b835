// Tests over random programs of the oracle's language.
//
// PAWL_AGREEMENT=<n> sets how many programs each test draws (the full form: 100000), PAWL_SEED=<n>
// the first seed; without it the seed is fresh, and printed.
#pragma once

#include <cppunit/TestAssert.h>

#include <fmt/format.h>

#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include "random_program.hpp"

namespace pawl::check::tests {

inline std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Runs `check` on random programs of this shape; `check` returns what is wrong, or nothing.
template <class Check>
void for_random_programs(std::string_view what, oracle::shape shape, std::uint64_t programs,
                         Check check) {
  const std::uint64_t seed = from_environment("PAWL_SEED", std::random_device{}());
  const std::uint64_t n = from_environment("PAWL_AGREEMENT", programs);
  fmt::print("{}: seeds {} to {}\n", what, seed, seed + n - 1);
  for (std::uint64_t s = seed; s < seed + n; ++s) {
    const oracle::program p = oracle::random_program(s, shape);
    const std::string wrong = check(p);
    if (!wrong.empty())
      CPPUNIT_FAIL(fmt::format("PAWL_SEED={}: {}\n{}", s, wrong, oracle::to_text(p)));
  }
}

}  // namespace pawl::check::tests

#pragma once

#include <cstdint>
#include <vector>

#include <rapidcheck.h>

#include "program.hpp"

namespace pawl::oracle {

/// Upper bounds of a random program.
struct shape {
  int threads = 3;     ///< at least 2
  int operations = 8;  ///< of all threads together, jumps included; at least one a thread
  int locations = 3;
  bool awaits = true;  ///< with awaits, programs can end blocked
  bool stores = true;  ///< without them, all that is written is written by updates
};

/// The program of a seed: two threads or more, all kinds of operations and orders, few distinct
/// values so that CAS and await often succeed. The same for the same seed and shape, everywhere.
program random_program(std::uint64_t seed, const shape& = {});

/// The programs one step simpler than `p`: without a thread or an operation, with the last location
/// merged into the one before, or with one order weakened. Simplifying ends at the empty program.
std::vector<program> simpler(const program& p);

/// The programs with one order of `p` weakened by one step.
std::vector<program> weakenings(const program& p);

/// RapidCheck generator of random_program() that shrinks by simpler().
rc::Gen<program> arbitrary_program(const shape& = {});

}  // namespace pawl::oracle

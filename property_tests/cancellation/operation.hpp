#pragma once
// Random programs of the cancellation tree.

#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <vector>

#include "../operations.hpp"

namespace cancellation_programs {

// One call (operations.hpp).
struct operation {
  enum class kind {
    make,     // a child of the source `which`
    destroy,  // the source `which`, unless it is the root
    cancel,   // the source `which`
    attach,   // a node to the source `which`
    detach,   // the node `which`
  };

  kind what = kind::make;
  std::size_t which = 0;
};

void showValue(const operation& op, std::ostream& out);

using program = std::vector<operation>;

rc::Gen<program> any_program();

// What several threads do with the children of one root, each with its own.
using concurrent_program = concurrent_program_of<operation>;

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length);

}  // namespace cancellation_programs

// Two threads that do the same.
#pragma once

#include <pawl/backend/backend.hpp>

namespace pawl::check::tests {

template <class Body>
void two(const Body& body) {
  thread a(body), b(body);
  a.join();
  b.join();
}

}  // namespace pawl::check::tests

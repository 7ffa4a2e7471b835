#pragma once
// Acquiring from what is shared: the call in progress, and then the grant, keep it alive.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquire_op.hpp>

#include <memory>
#include <stdexcept>
#include <utility>

PAWL_BEGIN

namespace detail {

// Makes what only a primitive can make. Grant is the one that owns it, too.
template <class Grant>
struct owned_acquire {
  using owner = typename Grant::owner_type;
  using operation = acquire_op<Grant>;

  // Throws: std::invalid_argument if there is no primitive; so do block and finish.
  template <class Terms>
  static operation start(owner from, Terms terms) {
    require(from);
    return operation(std::move(from), terms);
  }

  // The same for a Grant that is always the same unit.
  static operation start(owner from) { return start(std::move(from), Grant::unit); }
  static operation start(owner from, stop_token token) {
    using mode = acquire_terms::mode;
    return start(std::move(from),
                 acquire_terms{.count = Grant::unit, .how = mode::stoppable, .token = token});
  }
  static operation start(owner from, steady_clock::time_point deadline) {
    using mode = acquire_terms::mode;
    return start(std::move(from),
                 acquire_terms{.count = Grant::unit, .how = mode::timed, .deadline = deadline});
  }

  // Effects: acquires with `acquire(primitive&)`: one that may wait, one that does not.
  // Returns: the same grant, owning the primitive.
  template <class Acquire>
  static result<Grant> block(owner from, Acquire acquire) {
    return finish(std::move(from), std::move(acquire));
  }
  template <class Acquire>
  static result<Grant> finish(owner from, Acquire acquire) {
    require(from);
    auto acquired = acquire(*from);
    if (!acquired) return tl::unexpected<error>(acquired.error());
    return Grant(std::move(from), acquired->detach());
  }

  // Effects: nothing, if there is a primitive.
  template <class Pointer>
  static void require(const Pointer& from) {
    if (from == nullptr) throw std::invalid_argument(Grant::no_owner);
  }
};

}  // namespace detail

PAWL_END

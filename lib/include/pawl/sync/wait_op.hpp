#pragma once
// Waiting for something to happen, after which there is nothing to give back.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquire_op.hpp>

#include <type_traits>

PAWL_BEGIN

namespace detail {

// In the place of a permit or guard. `Primitive` has the synchronizer, core_, and names its store,
// store_type.
template <class Primitive, class T, class Owner>
struct waited {
  using owner_type = Owner;
  using store_type = typename Primitive::store_type;
  struct access {
    static constexpr bool poisons = false;
  };

  static constexpr const char* no_owner =
      "wait_owned: a null pointer, but there must be something to wait for";
};

template <class Primitive, class T, class Owner>
struct granting<waited<Primitive, T, Owner>> {
  using outcome = result<T>;
  static outcome make(const Owner&, held_permits given) noexcept {
    if constexpr (std::is_void_v<T>) {
      return {};
    } else {
      return static_cast<T>(given.count());
    }
  }
};

}  // namespace detail

// As acquire_op, for waits that own nothing afterwards: of events, latches, barriers. If T is not
// void, the store's share is the answer.
//
// Returns: result<T>. Cancel safety, where it resumes, complexity: as acquire_op. Memory ordering:
//   what happens before that which ends the wait happens before the return.
template <class Primitive, class T = void, class Owner = Primitive*>
using wait_op = acquire_op<detail::waited<Primitive, T, Owner>>;

PAWL_END

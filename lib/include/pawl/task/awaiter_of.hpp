#pragma once
// What co_await makes of an awaitable, for who awaits it in other words.

#include <pawl/backend/namespace.hpp>

#include <utility>

PAWL_BEGIN

namespace detail {

template <class Awaitable>
concept has_member_co_await =
    requires(Awaitable&& a) { std::forward<Awaitable>(a).operator co_await(); };
template <class Awaitable>
concept has_free_co_await =
    requires(Awaitable&& a) { operator co_await(std::forward<Awaitable>(a)); };

// Returns: what co_await makes of an awaitable.
template <class Awaitable>
decltype(auto) awaiter_of(Awaitable&& a) {
  if constexpr (has_member_co_await<Awaitable>) {
    return std::forward<Awaitable>(a).operator co_await();
  } else if constexpr (has_free_co_await<Awaitable>) {
    return operator co_await(std::forward<Awaitable>(a));
  } else {
    return std::forward<Awaitable>(a);
  }
}

}  // namespace detail

PAWL_END

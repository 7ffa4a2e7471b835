#pragma once
// What a function makes that may be a coroutine.

#include <pawl/backend/backend.hpp>
#include <pawl/task/task.hpp>

#include <type_traits>

PAWL_BEGIN

namespace detail {

template <class R>
struct made {
  using type = R;
  static constexpr bool is_task = false;
};
template <class R>
struct made<task<R>> {
  using type = R;
  static constexpr bool is_task = true;
};

// `type` is what calling an F gives, or, if that is a task, what awaiting it gives.
template <class F, class... Arguments>
using made_by = made<std::invoke_result_t<F&, Arguments...>>;

}  // namespace detail

PAWL_END

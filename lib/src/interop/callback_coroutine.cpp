#include <pawl/interop/callback_coroutine.hpp>

PAWL_BEGIN

namespace detail {

callback_coroutine::made callback_coroutine::make(callback_coroutine* /*owner*/) { co_return; }

}  // namespace detail

PAWL_END

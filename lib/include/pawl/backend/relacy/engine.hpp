#pragma once
// Relacy itself, made bearable: its header defines macros by the names of keywords and standard
// functions, so what they would break comes before it, and the macros end here.

#include <pawl/backend/namespace.hpp>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <condition_variable>
#include <coroutine>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <new>
#include <source_location>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#pragma push_macro("assert")
#pragma push_macro("errno")
#include <relacy/relacy.hpp>
#pragma pop_macro("assert")
#pragma pop_macro("errno")

#undef $
#undef new
#undef delete
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst

PAWL_BEGIN

using source_location = std::source_location;

namespace detail {

inline rl::debug_info debug_info(source_location at) noexcept {
  return {at.function_name(), at.file_name(), at.line()};
}

// Which of the suite's threads is running.
inline rl::thread_id_t thread_index() noexcept { return rl::ctx().threadx_->index_; }

}  // namespace detail

PAWL_END

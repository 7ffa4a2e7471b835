#pragma once
// Model backend: numbers that tell things apart. No event, so that asking for one orders nothing.

#include <pawl/backend/model/thread_slot.hpp>
#include <pawl/backend/namespace.hpp>
#include <pawl/check/runtime.hpp>

#include <cstdint>

PAWL_BEGIN

namespace detail {

// Each model thread gives its own: thread t gives t + 1, t + 1 + max_threads…
template <class Tag>
std::uint64_t next_number() noexcept {
  struct given_numbers {
    std::uint64_t count = 0;
  };
  namespace rt = ::pawl::check::rt;
  const std::uint64_t before = thread_slot<given_numbers>::get().count++;
  return before * rt::max_threads + (rt::on_model_thread() ? rt::current_thread() : 0) + 1;
}

}  // namespace detail

PAWL_END

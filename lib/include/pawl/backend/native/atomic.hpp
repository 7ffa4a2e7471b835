#pragma once
// Native backend: atomics are the standard ones, at no cost.

#include <pawl/backend/namespace.hpp>

#include <atomic>
#include <type_traits>

PAWL_BEGIN

// Library code uses only the named operations, each with explicit orders: load, store, exchange,
// compare_exchange_strong/weak, fetch_add/sub/and/or/xor. `=`, `++` and the implicit conversion
// would hide an order (and have no place for the model's source location).
template <class T>
using atomic = std::atomic<T>;

using std::atomic_thread_fence;
using std::memory_order;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

static_assert(std::is_same_v<atomic<int>, std::atomic<int>>);

PAWL_END

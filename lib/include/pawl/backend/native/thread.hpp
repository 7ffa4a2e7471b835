#pragma once
// Native backend: threads are the standard ones.

#include <pawl/backend/namespace.hpp>

#include <thread>

PAWL_BEGIN

using thread = std::thread;

namespace this_thread {
using std::this_thread::get_id;
using std::this_thread::yield;
}  // namespace this_thread

PAWL_END

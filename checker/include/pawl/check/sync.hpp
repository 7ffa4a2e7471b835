// The standard library's locks and conditions, as programs under the checker use them.
#pragma once

#include <pawl/check/sync/barrier.hpp>
#include <pawl/check/sync/condition_variable.hpp>
#include <pawl/check/sync/latch.hpp>
#include <pawl/check/sync/mutex.hpp>
#include <pawl/check/sync/once.hpp>
#include <pawl/check/sync/semaphore.hpp>
#include <pawl/check/sync/shared_mutex.hpp>

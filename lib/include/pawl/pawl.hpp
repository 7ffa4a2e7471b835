#pragma once
// All of the library. Each header stands alone as well.

#include <pawl/backend/backend.hpp>
#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/deadlock_checked.hpp>
#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/mutex.hpp>
#include <pawl/blocking/once.hpp>
#include <pawl/blocking/recursive_mutex.hpp>
#include <pawl/blocking/shared_mutex.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/join_handle.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>
#include <pawl/task/thread_pool.hpp>
#include <pawl/task/unhandled.hpp>

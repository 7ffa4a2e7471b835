#pragma once
// All of the library. Each header stands alone as well.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/notify.hpp>
#include <pawl/sync/once_cell.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/sync/set_once.hpp>
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

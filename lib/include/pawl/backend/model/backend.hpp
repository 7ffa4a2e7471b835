#pragma once
// The model backend: everything the library needs, as operations of the checker.

#include <pawl/backend/model/atomic.hpp>
#include <pawl/backend/model/cell.hpp>
#include <pawl/backend/model/clock.hpp>
#include <pawl/backend/model/leak.hpp>
#include <pawl/backend/model/limits.hpp>
#include <pawl/backend/model/numbers.hpp>
#include <pawl/backend/model/parker.hpp>
#include <pawl/backend/model/source_location.hpp>
#include <pawl/backend/model/spin.hpp>
#include <pawl/backend/model/thread.hpp>
#include <pawl/backend/model/thread_slot.hpp>
#include <pawl/backend/model/update.hpp>

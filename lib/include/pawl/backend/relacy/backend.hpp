#pragma once
// The relacy backend: what threads that block need, under Relacy's simulation of memory. There is
// no thread to start and no scheduler: see simulation.hpp.

#include <pawl/backend/native/leak.hpp>
#include <pawl/backend/relacy/atomic.hpp>
#include <pawl/backend/relacy/cell.hpp>
#include <pawl/backend/relacy/clock.hpp>
#include <pawl/backend/relacy/engine.hpp>
#include <pawl/backend/relacy/limits.hpp>
#include <pawl/backend/relacy/numbers.hpp>
#include <pawl/backend/relacy/simulation.hpp>
#include <pawl/backend/relacy/spin.hpp>
#include <pawl/backend/relacy/update.hpp>

#pragma once
// Relacy backend: read-modify-writes that no instruction does are loops.

#include <pawl/backend/relacy/atomic.hpp>
#include <pawl/backend/retry.hpp>

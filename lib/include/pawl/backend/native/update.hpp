#pragma once
// Native backend: read-modify-writes that no instruction does are loops.

#include <pawl/backend/native/atomic.hpp>
#include <pawl/backend/native/source_location.hpp>
#include <pawl/backend/retry.hpp>

#pragma once
// All the stores that there are.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/auto_reset_store.hpp>
#include <pawl/sync/barrier_store.hpp>
#include <pawl/sync/condition_store.hpp>
#include <pawl/sync/gate_store.hpp>
#include <pawl/sync/notifications.hpp>
#include <pawl/sync/permit_store.hpp>
#include <pawl/sync/shared_permits.hpp>
#include <pawl/sync/single_permit.hpp>

// What depends on the store only is compiled once for each, in the file of its definitions.
#define PAWL_FOR_EACH_STORE(apply)                                                            \
  apply(auto_reset_store) apply(barrier_store) apply(condition_store) apply(counting_permits) \
      apply(gate_store) apply(notifications) apply(shared_permits) apply(single_permit)

#pragma once
// The unit of scheduling.

#include <pawl/backend/backend.hpp>

PAWL_BEGIN

// Something to run once on a scheduler: intrusive, so that scheduling never allocates. It belongs
// to whoever will run it from the call of `schedule` until `run` is entered, and to its maker again
// from there on (`run` may destroy the item, or schedule it anew).
struct work_item {
  using function = void (*)(work_item&) noexcept;

  constexpr explicit work_item(function f) noexcept : run(f) {}
  work_item(const work_item&) = delete;
  work_item& operator=(const work_item&) = delete;

  // Effects: runs the item; it may be gone afterwards.
  void operator()() noexcept { run.read()(*this); }

  cell<work_item*> next{nullptr};  // of the queue that holds the item
  cell<function> run;
};

PAWL_END

#pragma once
// A work item that runs a function, for tests.

#include <pawl/task/work_item.hpp>

#include <functional>
#include <utility>

struct function_item : pawl::work_item {
  explicit function_item(std::function<void()> f) : work_item(&call), function(std::move(f)) {}

  static void call(work_item& self) noexcept { static_cast<function_item&>(self).function(); }

  std::function<void()> function;
};

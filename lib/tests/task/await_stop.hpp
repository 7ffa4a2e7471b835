#pragma once
// A waiting operation for tests: suspends until the awaiting coroutine's stop token is triggered.

#include <pawl/task/context.hpp>
#include <pawl/task/resume.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>

class await_stop : pawl::stop_node {
 public:
  await_stop() noexcept : stop_node(&resume) {}
  await_stop(const await_stop&) = delete;
  await_stop& operator=(const await_stop&) = delete;

  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
    where_ = pawl::scheduler_of(by);
    item_.coroutine.write(by);
    return pawl::stop_token_of(by).attach(*this);
  }

  void await_resume() const noexcept {}

 private:
  static void resume(stop_node& self) noexcept {
    auto& op = static_cast<await_stop&>(self);
    pawl::run_on(op.where_, op.item_);
  }

  pawl::scheduler* where_ = nullptr;
  pawl::resume_item item_;
};

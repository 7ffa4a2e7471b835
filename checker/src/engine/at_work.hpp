// What holds while a runtime runs its program.
#pragma once

#include "runtime.hpp"

namespace pawl::check::engine {

/// Thrown where the engine itself finds a failure, not a model thread.
struct run_ended {};

/// While it lives, the runtime is the current one.
class at_work {
 public:
  at_work(runtime*& current, runtime* r) : current_(current), former_(current) {
    current = r;
    fiber::release_hook = [](void* p) { return runtime::current()->release(p); };
  }
  ~at_work() {
    fiber::release_hook = former_release_;
    current_ = former_;
  }
  at_work(const at_work&) = delete;

 private:
  runtime*& current_;
  runtime* const former_;
  fiber::release_function* const former_release_ = fiber::release_hook;
};

}  // namespace pawl::check::engine

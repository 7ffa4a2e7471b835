// POSIX threads of the program, as threads of the model.
#pragma once

namespace pawl::check::instrumented {

/// Effects: before an execution: there are no threads but the first.
void forget_threads();

/// What pawl_spawn_symmetric() says of the thread that it starts with pthread_create().
struct next_start {
  bool twin = false;           ///< It is identical to the one that was started just before.
  const void* code = nullptr;  ///< The program's call.
};
void describe_next_start(next_start);

}  // namespace pawl::check::instrumented

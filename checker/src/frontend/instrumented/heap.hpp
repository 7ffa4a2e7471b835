// malloc() and operator new of the program: model threads have heaps of their own.
//
// What the program allocates before main() lies in a heap apart, which is put back for every
// execution, like static data.
#pragma once

#include <cstddef>
#include <span>

namespace pawl::check::fiber {
class thread_memory;
}

namespace pawl::check::instrumented {

/// Has the heap of what is allocated before main(); beyond the threads of the model.
inline constexpr unsigned boot_thread = 63;

/// Where the program calls free() or delete now.
[[nodiscard]] const void* freeing_code();

/// Effects: from now on, the program's constructors run: what they allocate is put back.
void begin_boot();
/// Effects: they have run.
void end_boot();
/// Effects: what they allocated is as it was when they ended.
void put_back_boot_memory();
[[nodiscard]] std::span<const std::byte> boot_memory();
[[nodiscard]] bool is_of_boot(const void* p);
/// Effects: frees it; while an execution runs, as an access by the running thread.
void release_from_boot(void* p, const void* code);
/// The same, as a heap.
[[nodiscard]] const fiber::thread_memory& heap_before_main();

}  // namespace pawl::check::instrumented

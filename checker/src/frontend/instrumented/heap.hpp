// malloc() and operator new of the program: model threads have heaps of their own.
//
// What the program allocates before main() lies in a heap apart, which is put back for every
// execution, like static data.
#pragma once

#include <cstddef>
#include <span>

#include "../../fiber/memory.hpp"

namespace pawl::check::engine {
class runtime;
}

namespace pawl::check::instrumented {

/// Has the heap of what is allocated before main(); beyond the threads of the model.
inline constexpr unsigned boot_thread = 63;

/// By mmap(), which the engine knows nothing of.
inline constexpr auto by_mapping = static_cast<fiber::allocator>(7);

/// Where the program calls free() or delete now.
[[nodiscard]] const void* freeing_code();

/// The allocation that begins at p, by a model thread or before main(); null: there is none.
[[nodiscard]] const fiber::block* block_at(const engine::runtime&, void* p);
/// True if model threads allocate there, or what runs before main() does.
[[nodiscard]] bool is_in_heaps(const void* p);
/// True in an execution, and before main().
[[nodiscard]] bool has_heaps();
/// Zeroed memory in whole pages, as mmap() gives it; null: the heap is full.
[[nodiscard]] void* allocate_pages(std::size_t size);
/// Effects: frees what allocate_pages() gave. A failure, if it did not, or they are free.
void release_pages(void* p, const void* code);

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

// Stacks and heaps of model threads, at addresses that depend only on the thread.
//
// Address = f(thread, n-th allocation): a pointer has the same value in every replay. Nothing is
// reused within an execution, so a dangling pointer never points to something new; freed bytes are
// poisoned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <utility>

namespace pawl::check::fiber {

inline constexpr unsigned char fresh_byte = 0xcd, freed_byte = 0xdd;

/// By what a block was allocated, where that is known.
enum class allocator : std::uint8_t {
  unknown,
  malloc,
  calloc,
  realloc,
  aligned,
  new_object,
  new_array
};

/// In front of every block.
struct block {
  static constexpr std::uint64_t live = 0x6c69766562796c66, freed = 0x6672656562796c66,
                                 kept = 0x6b65707462796c66;
  std::uint64_t state;
  std::uint64_t size;
  std::uint32_t ordinal;  ///< n-th allocation of its thread, from 1.
  std::uint16_t thread, freed_by;
  std::int32_t allocated_at, freed_at;  ///< Events of the thread before it.
  std::uint32_t stride;                 ///< Distance to the next header.
  allocator by;
  std::uint8_t unused[11];
};
static_assert(sizeof(block) == 48);

/// The memory of one model thread.
class thread_memory {
 public:
  static constexpr std::size_t guard = std::size_t{1} << 20, stack_size = std::size_t{8} << 20,
                               heap_size = std::size_t{64} << 20;
  /// Threads do the same at the same depth of their stacks: these begin at different lines of the
  /// cache, within a page.
  static constexpr std::size_t stack_shifts = 4096, stack_shift = 5 * 64;
  static constexpr std::size_t heap_offset = guard + stack_size + stack_shifts;  ///< From the base.
  static constexpr std::size_t mapped = heap_offset + heap_size;  ///< Addresses behind are free.

  thread_memory() = default;
  thread_memory(const thread_memory&) = delete;
  ~thread_memory();

  /// Maps the memory of `thread` in the address region of this number. Idempotent.
  void map(unsigned number, unsigned thread);

  [[nodiscard]] std::byte* stack_top() const { return stack_top_; }
  [[nodiscard]] std::byte* heap() const { return base_ + heap_offset; }
  [[nodiscard]] bool in_guard(const void* p) const { return p >= base_ && p < base_ + guard; }

  /// How much of the heap is in use. Offsets: the end, the first and the last header.
  struct extent {
    std::size_t used = 0, first = 0, last = 0;
    std::uint32_t blocks = 0, live = 0;
  };
  [[nodiscard]] const extent& in_use() const { return in_use_; }
  /// Forgets what is not in `e`, whose bytes the caller has put back.
  void rewind(const extent& e) { in_use_ = e; }
  [[nodiscard]] std::span<const std::byte> heap_in_use() const { return {heap(), in_use_.used}; }

  /// Forgets every block; the next allocation gets the first address again.
  void reset() { in_use_ = {}; }
  /// Null when the heap is full.
  void* allocate(std::size_t size, std::size_t alignment, std::uint16_t thread, std::int32_t at);
  void release(block&, std::uint16_t thread, std::int32_t at);
  /// Makes the latest block one that belongs to the tool: it can't be freed and is no leak.
  void keep_latest() {
    reinterpret_cast<block*>(heap() + in_use_.last)->state = block::kept;
    --in_use_.live;
  }

  /// The latest allocation, or null.
  [[nodiscard]] const block* latest() const {
    return in_use_.blocks == 0 ? nullptr : reinterpret_cast<const block*>(heap() + in_use_.last);
  }

  [[nodiscard]] bool owns(const void* p) const { return p >= heap() && p < heap() + heap_size; }
  /// The block whose bytes start at p, or null.
  [[nodiscard]] block* starting_at(void* p) const;
  /// The block that p points into, or null. Linear; for reports.
  [[nodiscard]] block* containing(const void* p) const;
  /// The last block whose bytes begin at p or before, and the one after. Null: there is none.
  [[nodiscard]] std::pair<const block*, const block*> around(const void* p) const;
  [[nodiscard]] std::uint32_t live() const { return in_use_.live; }
  /// Calls f(block&) for each block.
  template <class F>
  void for_each(F f) const {
    for (std::size_t at = in_use_.first; at < in_use_.used;) {
      auto& b = *reinterpret_cast<block*>(heap() + at);
      f(b);
      at += b.stride;
    }
  }
  /// The same for each block that is still allocated.
  template <class F>
  void for_each_live(F f) const {
    for_each([&](block& b) {
      if (b.state == block::live) f(b);
    });
  }

 private:
  std::byte* base_ = nullptr;  // guard | stack | shift | heap
  std::byte* stack_top_ = nullptr;
  extent in_use_;
};

/// Reserves an address region for one exploration; regions are process-wide.
class region {
 public:
  region();
  ~region();
  region(const region&) = delete;
  [[nodiscard]] unsigned number() const { return number_; }
  /// The thread whose memory p lies in, or -1 if it lies in none of this region.
  [[nodiscard]] int thread_of(const void* p) const {
    const auto address = reinterpret_cast<std::uintptr_t>(p) - first_address - number_ * span;
    return address < span ? static_cast<int>(address / thread_span) : -1;
  }

  /// The same number for the same object in every region; the address of what lies in none.
  [[nodiscard]] std::uintptr_t relative(const void* p) const {
    const auto address = reinterpret_cast<std::uintptr_t>(p);
    const auto offset = address - first_address - number_ * span;
    return offset < span ? offset : address;
  }

  static constexpr std::uintptr_t first_address = 0x6100'0000'0000;
  // 256 MiB of addresses a thread, and some pages, so that not all have the same sets of caches;
  // 64 threads a region.
  static constexpr std::uintptr_t thread_span = (std::uintptr_t{1} << 28) + 3 * 4096;
  static constexpr std::uintptr_t span = 64 * thread_span;

 private:
  unsigned number_;
};

/// Thrown where the process gets no more memory; a model heap that is full is something else.
struct out_of_memory : std::bad_alloc {
  [[nodiscard]] const char* what() const noexcept override { return "out of memory"; }
};

/// Where operator new of the running flow allocates; null = the process heap.
struct heap_hooks {
  void* (*allocate)(std::size_t size, std::size_t alignment);
};
[[gnu::tls_model("initial-exec")]] extern constinit thread_local const heap_hooks* active_heap;
/// Handles operator delete of a pointer into a model heap; false if p is none.
using release_function = bool(void* p);
[[gnu::tls_model("initial-exec")]] extern constinit thread_local release_function* release_hook;

/// Counts what programs do that is kept neither on their stacks nor in their heaps: exceptions
/// made, what malloc() and free() do, sections that are not modelled.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local std::uint64_t out_of_reach;

/// While it lives, operator new of this flow uses the process heap: the engine's own allocations.
class outside_heap {
 public:
  outside_heap() : former_(active_heap) { active_heap = nullptr; }
  ~outside_heap() { active_heap = former_; }
  outside_heap(const outside_heap&) = delete;

 private:
  const heap_hooks* former_;
};

}  // namespace pawl::check::fiber

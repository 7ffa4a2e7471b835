#include "memory.hpp"

#include <sys/mman.h>

#include <atomic>
#include <cstring>
#include <new>

namespace pawl::check::fiber {
namespace {

// On the heap, since explorations watch static data for writes of their programs.
std::atomic<std::uint64_t>& regions_in_use() {
  static std::atomic<std::uint64_t>& regions = *new std::atomic<std::uint64_t>{0};
  return regions;
}

}  // namespace

region::region() {
  std::uint64_t used = regions_in_use().load();
  do {
    number_ = static_cast<unsigned>(__builtin_ctzll(~used));
  } while (!regions_in_use().compare_exchange_weak(used, used | (std::uint64_t{1} << number_)));
}

region::~region() { regions_in_use().fetch_and(~(std::uint64_t{1} << number_)); }

void thread_memory::map(unsigned number, unsigned thread) {
  if (base_ != nullptr) return;
  void* const wish = reinterpret_cast<void*>(region::first_address + number * region::span +
                                             thread * region::thread_span);
  void* p = mmap(wish, mapped, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (p == MAP_FAILED) throw out_of_memory();
  base_ = static_cast<std::byte*>(p);
  stack_top_ = base_ + guard + stack_size + thread * stack_shift % stack_shifts;
  mprotect(base_, guard, PROT_NONE);
}

thread_memory::~thread_memory() {
  if (base_ != nullptr) munmap(base_, mapped);
}

// A block starts with its header; a payload of greater alignment lengthens the block before it.
void* thread_memory::allocate(std::size_t size, std::size_t alignment, std::uint16_t thread,
                              std::int32_t at) {
  if (alignment < 16) alignment = 16;
  const std::size_t payload =
      (in_use_.used + sizeof(block) + alignment - 1) / alignment * alignment;
  const std::size_t room = (size + 15) / 16 * 16;
  if (size > heap_size || payload + room > heap_size) return nullptr;
  const std::size_t header = payload - sizeof(block);
  if (in_use_.blocks == 0)
    in_use_.first = header;
  else
    reinterpret_cast<block*>(heap() + in_use_.last)->stride +=
        static_cast<std::uint32_t>(header - in_use_.used);
  *reinterpret_cast<block*>(heap() + header) = {block::live,
                                                size,
                                                ++in_use_.blocks,
                                                thread,
                                                0,
                                                at,
                                                -1,
                                                static_cast<std::uint32_t>(sizeof(block) + room),
                                                allocator::unknown,
                                                {}};
  in_use_.last = header;
  in_use_.used = payload + room;
  ++in_use_.live;
  std::memset(heap() + payload, fresh_byte, size);
  return heap() + payload;
}

void thread_memory::release(block& b, std::uint16_t thread, std::int32_t at) {
  b.state = block::freed;
  b.freed_by = thread;
  b.freed_at = at;
  --in_use_.live;
  std::memset(&b + 1, freed_byte, b.size);
}

block* thread_memory::starting_at(void* p) const {
  auto* const b = static_cast<block*>(p) - 1;
  if (static_cast<std::byte*>(p) < heap() + sizeof(block) ||
      static_cast<std::byte*>(p) > heap() + in_use_.used)
    return nullptr;
  return b->state == block::live || b->state == block::freed ? b : nullptr;
}

block* thread_memory::containing(const void* p) const {
  const auto* const byte = static_cast<const std::byte*>(p);
  for (std::size_t at = in_use_.first; at < in_use_.used;) {
    auto* const b = reinterpret_cast<block*>(heap() + at);
    if (byte >= reinterpret_cast<std::byte*>(b) && byte < heap() + at + b->stride) return b;
    at += b->stride;
  }
  return nullptr;
}

std::pair<const block*, const block*> thread_memory::around(const void* p) const {
  std::pair<const block*, const block*> out{};
  for_each([&](const block& b) {
    if (&b + 1 <= p)
      out.first = &b;
    else if (out.second == nullptr)
      out.second = &b;
  });
  return out;
}

}  // namespace pawl::check::fiber

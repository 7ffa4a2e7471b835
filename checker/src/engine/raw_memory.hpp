// Copies and compares whatever lies in memory: stacks with all that is dead in them, and the gaps
// between variables, which sanitizers otherwise forbid to read.
#pragma once

#include <cstddef>
#include <cstring>

namespace pawl::check::engine {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PAWL_READS_ANY_MEMORY __attribute__((no_sanitize("address", "thread")))

PAWL_READS_ANY_MEMORY inline void copy_bytes(std::byte* to, const std::byte* from, std::size_t n) {
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n)::"memory");
}
PAWL_READS_ANY_MEMORY inline void zero_bytes(std::byte* to, std::size_t n) {
  asm volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(0) : "memory");
}
PAWL_READS_ANY_MEMORY inline bool same_bytes(const std::byte* a, const std::byte* b,
                                             std::size_t n) {
  for (; n > 0; --n)
    if (*a++ != *b++) return false;
  return true;
}
#else
inline void copy_bytes(std::byte* to, const std::byte* from, std::size_t n) {
  std::memcpy(to, from, n);
}
inline void zero_bytes(std::byte* to, std::size_t n) {
  std::memset(to, 0, n);
  asm volatile("" ::"r"(to) : "memory");  // Dead to the compiler, not to the frames that follow.
}
inline bool same_bytes(const std::byte* a, const std::byte* b, std::size_t n) {
  return std::memcmp(a, b, n) == 0;
}
#endif

/// False where a sanitizer keeps notes about the stacks that a snapshot does not put back.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool snapshots_possible = false;
#else
inline constexpr bool snapshots_possible = true;
#endif

}  // namespace pawl::check::engine

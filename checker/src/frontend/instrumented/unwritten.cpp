// Before main() and the functions of threads are called, the memory that their variables will have
// is filled: each word depends on its address, so that none is there by a copy of another one. What
// is still there when another thread reads it was not written, neither by code that has hooks nor
// by other code. Functions that are called later have memory where others have written before them,
// mostly: their variables are not told from those that are written.
//
// To read a number, a pointer or a truth value before it is written is a mistake. Objects and
// arrays may well be copied while a part of them has no value: those are left out. Debug
// information, in which it takes long to look something up, tells what is what.
#include "unwritten.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <set>
#include <string>
#include <utility>

#include "../../engine/describe.hpp"
#include "../../fiber/memory.hpp"
#include "races.hpp"
#include "sites.hpp"
#include "variables.hpp"

namespace pawl::check::instrumented {
namespace {

using engine::runtime;

// Frames of main() and of threads have no more, mostly.
constexpr std::size_t bytes_below = 384;

using four_words [[gnu::vector_size(16)]] = std::uint32_t;

// Stacks lie where a word is neither a small number nor a part of an address.
static_assert(fiber::region::first_address % (std::uintptr_t{1} << 32) == 0 &&
              fiber::thread_memory::heap_offset < (std::uintptr_t{1} << 24));
// No number that programs know: with that of hash functions they may add up to the same.
constexpr std::uint32_t word_at_0 = 0xa64d1f83;
std::uint32_t word_at(std::uintptr_t p) { return word_at_0 + static_cast<std::uint32_t>(p); }

// One byte may be that of the word by chance, unless it has a truth value.
bool is_written(std::uintptr_t p, std::size_t size) {
  if (size == 1) {
    const auto byte = *reinterpret_cast<const std::uint8_t*>(p);
    const std::uint32_t word = word_at(p & ~std::uintptr_t{3});
    return byte <= 1 || byte != static_cast<std::uint8_t>(word >> p % 4 * 8);
  }
  if (p % 4 != 0 || size % 4 != 0) return true;
  for (const std::uintptr_t end = p + size; p != end; p += 4)
    if (*reinterpret_cast<const std::uint32_t*>(p) != word_at(p)) return true;
  return false;
}

// What was found to be no such variable is not asked for again.
using reads_of_memory = std::set<std::pair<const void*, const void*>>;  // Where, by what code.
reads_of_memory& of_others = *new reads_of_memory;

void note_variables(runtime& r, engine::thread_index t) { the_stack_variables.note(r, t); }

}  // namespace

void forget_stack_below() {
  constexpr std::size_t n = bytes_below / sizeof(four_words);
  std::array<four_words, n> below;
  const std::uint32_t first = word_at(reinterpret_cast<std::uintptr_t>(below.data()));
  four_words next{first, first + 4, first + 8, first + 12};
  [&]<std::size_t... i>(std::index_sequence<i...>) {  // Unrolled: each thread begins with it.
    ((below[i] = next, next += static_cast<std::uint32_t>(sizeof next)), ...);
  }(std::make_index_sequence<n>());
  __asm__ volatile("" : : "r"(below.data()) : "memory");  // Nobody reads it here.
}

void check_written(runtime& r, access a, std::uintptr_t granule, engine::thread_index owner,
                   bool atomic) {
  const unsigned bytes = a.bytes();
  const std::uintptr_t begin = granule + static_cast<unsigned>(std::countr_zero(bytes));
  const auto size = static_cast<std::size_t>(std::popcount(bytes));
  if (a.writes() || reading_bytes::now() || is_written(begin, size)) return;
  const fiber::outside_heap outside;
  const void* const p = reinterpret_cast<const void*>(begin);
  if (of_others.contains({p, a.code()}) || !r.look_at(owner, note_variables)) return;
  const std::string name = the_stack_variables.simple_at(p, size);
  if (!name.empty()) tell_unwritten(r, p, name, a, owner, atomic);
  of_others.emplace(p, a.code());
}

}  // namespace pawl::check::instrumented

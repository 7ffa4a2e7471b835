// Plain accesses to the program's memory: by its own code, and by functions of libraries that it
// calls.
#pragma once

#include <cstring>

#include "hooks.hpp"
#include "unwritten.hpp"

namespace pawl::check::instrumented {

/// What a function of a library accesses for the program that calls it.
class access_by {
 public:
  /// `code`: the return address of the function.
  explicit access_by(const void* code) : code_(code) {}

  void reads(const void* p, std::size_t size) const {
    const reading_bytes now;
    if (size != 0) shadow::plain(p, size, false, code_);
  }
  /// At once, to where it then writes.
  void copies(const void* p, std::size_t size) const {
    const reading_bytes now;
    if (size != 0) the_shadow.plain_copied(p, size, code_);
  }
  void writes(const void* p, std::size_t size) const {
    if (size != 0) shadow::plain(p, size, true, code_);
  }
  /// With the byte that ends it, if that is among the first n.
  void reads_text(const char* text, std::size_t n = ~std::size_t{0}) const {
    if (active() == nullptr) return;
    const std::size_t length = strnlen(text, n);
    reads(text, length < n ? length + 1 : n);
  }

 private:
  const void* code_;
};

// memmove(), which memcpy() may be, too.
inline void* copy(const access_by& a, void* to, const void* from, std::size_t n) {
  a.copies(from, n);
  a.writes(to, n);
  return std::memmove(to, from, n);
}

}  // namespace pawl::check::instrumented

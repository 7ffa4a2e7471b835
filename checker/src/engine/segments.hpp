// Segments of the executable and of the libraries that the dynamic linker has loaded.
#pragma once

#include <link.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pawl::check::engine {

struct segment {
  std::string_view object;  ///< The path of what it belongs to; empty: the executable.
  std::uintptr_t base;      ///< Where that was loaded.
  ElfW(Word) type, flags;   ///< PT_LOAD …, PF_X …
  std::uintptr_t begin, end;
  void* thread_locals;  ///< Of what it belongs to, in the calling thread; null: it has none.

  [[nodiscard]] bool is_of_executable() const { return object.empty(); }
  [[nodiscard]] bool is_code() const { return type == PT_LOAD && (flags & PF_X) != 0; }
  [[nodiscard]] bool is_data() const { return type == PT_LOAD && (flags & PF_W) != 0; }
};

/// Effects: calls visit(segment) for all of them, object by object, and allocates nothing.
template <class Visit>
void visit_segments(Visit visit) {
  const auto visit_all = [](dl_phdr_info* object, std::size_t, void* to) {
    for (const ElfW(Phdr) & h : std::span(object->dlpi_phdr, object->dlpi_phnum)) {
      const std::uintptr_t begin = object->dlpi_addr + h.p_vaddr;
      (*static_cast<Visit*>(to))(segment{.object = object->dlpi_name,
                                         .base = object->dlpi_addr,
                                         .type = h.p_type,
                                         .flags = h.p_flags,
                                         .begin = begin,
                                         .end = begin + h.p_memsz,
                                         .thread_locals = object->dlpi_tls_data});
    }
    return 0;
  };
  dl_iterate_phdr(visit_all, &visit);
}

/// False for code of libraries.
inline bool is_code_of_executable(std::uintptr_t code) {
  struct range {
    std::uintptr_t begin = 0, end = 0;
  };
  static const range found = [] {
    range out;
    visit_segments([&](const segment& s) {
      if (s.is_of_executable() && s.is_code()) out = {s.begin, s.end};
    });
    return out;
  }();
  return code >= found.begin && code < found.end;
}

}  // namespace pawl::check::engine

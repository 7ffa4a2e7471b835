// The debug information of all that this process has loaded.
#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>

namespace pawl::check::instrumented {

/// Null: none is known there.
[[nodiscard]] Dwfl_Module* module_of(const void*);

/// What libdw allocates for the caller to free: scopes, from the inside out.
struct scope_list {
  scope_list() = default;
  scope_list(const scope_list&) = delete;
  ~scope_list() { std::free(first); }
  int take(int n) { return count = n > 0 ? n : 0; }
  void copy(std::span<const Dwarf_Die> all) {
    first = static_cast<Dwarf_Die*>(std::malloc(all.size_bytes()));
    count = static_cast<int>(std::ranges::copy(all, first).out - first);
  }
  Dwarf_Die* first = nullptr;
  int count = 0;
};

/// Effects: `chain` is the block that has the code, the function that was inlined there, and so on
///   to the one that exists, and further.
/// Returns: the unit that has all of them; null: unknown.
Dwarf_Die* scopes_at(Dwfl_Module*, Dwarf_Addr code, Dwarf_Addr& bias, scope_list& chain);

/// Null: it has none.
[[nodiscard]] inline const char* name_of(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
}

template <class F>
void for_children(Dwarf_Die* die, F f) {
  Dwarf_Die child;
  if (dwarf_child(die, &child) == 0) do
      f(&child);
    while (dwarf_siblingof(&child, &child) == 0);
}

/// What is not the program's.
[[nodiscard]] inline bool is_of_the_system(std::string_view file) {
  return file.starts_with("/usr/include/") || file.starts_with("/usr/lib/");
}

}  // namespace pawl::check::instrumented

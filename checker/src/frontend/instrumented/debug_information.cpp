#include "debug_information.hpp"

#include <dwarf.h>
#include <unistd.h>

#include <optional>
#include <vector>

namespace pawl::check::instrumented {
namespace {

// Separate files of debug information are not looked for, let alone on the network.
int find_no_file(Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, const char*, GElf_Word,
                 char**) {
  return -1;
}

Dwfl* begin_session() {
  static constexpr Dwfl_Callbacks callbacks{
      .find_elf = dwfl_linux_proc_find_elf,
      .find_debuginfo = find_no_file,
      .section_address = nullptr,
      .debuginfo_path = nullptr,
  };
  Dwfl* const session = dwfl_begin(&callbacks);
  if (session == nullptr) return nullptr;
  dwfl_report_begin(session);
  dwfl_linux_proc_report(session, getpid());
  dwfl_report_end(session, nullptr, nullptr);
  return session;
}

bool has(Dwarf_Die* die, Dwarf_Addr code) { return dwarf_haspc(die, code) == 1; }

// Functions of types that are declared in functions, as lambdas are: libdw looks for them only
// within code of the outer function, which may have none.
std::optional<Dwarf_Die> function_within(Dwarf_Die* within, Dwarf_Addr code) {
  std::optional<Dwarf_Die> found;
  for_children(within, [&](Dwarf_Die* child) {
    if (found) return;
    switch (dwarf_tag(child)) {
      case DW_TAG_subprogram:
        if (has(child, code)) {
          found = *child;
          return;
        }
        [[fallthrough]];
      case DW_TAG_lexical_block:
      case DW_TAG_namespace:
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
        found = function_within(child, code);
        return;
      default:
        return;
    }
  });
  return found;
}

// The function that has this code, before it what it has of that, and so on.
void find_nested(Dwarf_Die* unit, Dwarf_Addr code, scope_list& chain) {
  std::vector<Dwarf_Die> all;
  for (auto next = function_within(unit, code); next;) {
    all.insert(all.begin(), *next);
    next.reset();
    for_children(&all.front(), [&](Dwarf_Die* child) {
      const int tag = dwarf_tag(child);
      const bool is_scope = tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block;
      if (is_scope && has(child, code)) next = *child;
    });
  }
  chain.copy(all);
}

}  // namespace

// Kept until the process ends: to read it anew takes longer than what it is asked.
Dwfl_Module* module_of(const void* p) {
  static Dwfl* const session = begin_session();
  return session == nullptr ? nullptr : dwfl_addrmodule(session, reinterpret_cast<Dwarf_Addr>(p));
}

Dwarf_Die* scopes_at(Dwfl_Module* module, Dwarf_Addr code, Dwarf_Addr& bias, scope_list& chain) {
  Dwarf_Die* const unit = dwfl_module_addrdie(module, code, &bias);
  scope_list all;  // Of what is inlined, the first has scopes of its definition.
  if (unit != nullptr && all.take(dwarf_getscopes(unit, code - bias, &all.first)) > 0)
    chain.take(dwarf_getscopes_die(&all.first[0], &chain.first));
  else if (unit != nullptr)
    find_nested(unit, code - bias, chain);
  return unit;
}

}  // namespace pawl::check::instrumented

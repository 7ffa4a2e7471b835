#include "debug_information.hpp"

#include <unistd.h>

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
  return unit;
}

}  // namespace pawl::check::instrumented

#include "sites.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <string_view>

#include "../../engine/segments.hpp"
#include "../../fiber/memory.hpp"
#include "../../report/demangled.hpp"

namespace pawl::check::instrumented {
namespace {

using reporting::demangled;

// ---- debug information --------------------------------------------------------------------------

// Separate files of debug information are not looked for, let alone on the network.
int find_no_file(Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, const char*, GElf_Word,
                 char**) {
  return -1;
}

// Of all that this process has loaded.
class debug_information {
 public:
  debug_information() : session_(dwfl_begin(&callbacks)) {
    if (session_ == nullptr) return;
    dwfl_report_begin(session_);
    dwfl_linux_proc_report(session_, getpid());
    dwfl_report_end(session_, nullptr, nullptr);
  }
  [[nodiscard]] Dwfl_Module* module_of(const void* p) const {
    return session_ == nullptr ? nullptr
                               : dwfl_addrmodule(session_, reinterpret_cast<Dwarf_Addr>(p));
  }

 private:
  static constexpr Dwfl_Callbacks callbacks{
      .find_elf = dwfl_linux_proc_find_elf,
      .find_debuginfo = find_no_file,
      .section_address = nullptr,
      .debuginfo_path = nullptr,
  };
  Dwfl* session_;
};

// Kept until the process ends: to read it anew takes longer than what it is asked.
const debug_information& information() {
  static const debug_information& all = *new debug_information;
  return all;
}

struct place_in_source {
  const char* file = nullptr;
  const char* function = nullptr;
  int line = 0, column = 0;
};

bool is_of_the_system(std::string_view file) {
  return file.starts_with("/usr/include/") || file.starts_with("/usr/lib/");
}

int number(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  return dwarf_formudata(dwarf_attr_integrate(die, name, &attribute), &value) == 0
             ? static_cast<int>(value)
             : 0;
}

const char* name_of(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
}

// What libdw allocates for the caller to free.
struct scope_list {
  scope_list() = default;
  scope_list(const scope_list&) = delete;
  ~scope_list() { std::free(first); }
  int take(int n) { return count = n > 0 ? n : 0; }
  Dwarf_Die* first = nullptr;
  int count = 0;
};

// Where the code stands: in the function that was inlined there, and so on to the one that exists.
std::vector<place_in_source> look_up_all(const void* code) {
  Dwfl_Module* const module = information().module_of(code);
  if (module == nullptr) return {{}};
  const auto address = reinterpret_cast<Dwarf_Addr>(code) - 1;  // Within the call.
  place_in_source here;
  if (Dwfl_Line* const line = dwfl_module_getsrc(module, address))
    here.file = dwfl_lineinfo(line, nullptr, &here.line, &here.column, nullptr, nullptr);
  std::vector<place_in_source> out;
  Dwarf_Addr bias = 0;
  Dwarf_Die* const unit = dwfl_module_addrdie(module, address, &bias);
  scope_list all, chain;  // Of what is inlined, the first has scopes of its definition.
  if (unit != nullptr && all.take(dwarf_getscopes(unit, address - bias, &all.first)) > 0)
    chain.take(dwarf_getscopes_die(&all.first[0], &chain.first));
  for (int i = 0; i < chain.count; ++i) {
    Dwarf_Die* const scope = &chain.first[i];
    const int tag = dwarf_tag(scope);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
    here.function = name_of(scope);
    out.push_back(here);
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    if (tag == DW_TAG_subprogram || dwarf_getsrcfiles(unit, &files, &count) != 0) break;
    here.file = dwarf_filesrc(files, static_cast<std::size_t>(number(scope, DW_AT_call_file)),
                              nullptr, nullptr);
    here.line = number(scope, DW_AT_call_line);
    here.column = number(scope, DW_AT_call_column);
  }
  if (out.empty()) out.push_back(here);
  if (out.back().function == nullptr) out.back().function = dwfl_module_addrname(module, address);
  return out;
}

// Of code inlined from headers of the system, where the program calls it.
place_in_source look_up(const void* code) {
  const std::vector<place_in_source> all = look_up_all(code);
  const auto found = std::ranges::find_if(
      all, [](const place_in_source& p) { return p.file == nullptr || !is_of_the_system(p.file); });
  return found == all.end() ? all.back() : *found;
}

std::string variable_at(const void* p) {
  Dwfl_Module* const module = information().module_of(p);
  if (module == nullptr) return {};
  GElf_Off offset = 0;
  GElf_Sym symbol;
  const char* const name = dwfl_module_addrinfo(module, reinterpret_cast<GElf_Addr>(p), &offset,
                                                &symbol, nullptr, nullptr, nullptr);
  if (name == nullptr || offset >= symbol.st_size) return {};
  // A guard is one thing, whatever code makes of its bytes.
  if (std::string_view(name).starts_with("_ZGV")) return demangled(name);
  return offset == 0 ? demangled(name) : fmt::format("{}+{}", demangled(name), offset);
}

// ---- the stack ----------------------------------------------------------------------------------

struct code_range {
  std::uintptr_t begin = 0, end = 0;
  [[nodiscard]] bool has(std::uintptr_t code) const { return code >= begin && code < end; }
};

const code_range& code_of_executable() {
  static const code_range found = [] {
    code_range out;
    engine::visit_segments([&](const engine::segment& s) {
      if (s.is_of_executable() && s.is_code()) out = {s.begin, s.end};
    });
    return out;
  }();
  return found;
}

_Unwind_Reason_Code stop_in_executable(_Unwind_Context* context, void* found) {
  const std::uintptr_t code = _Unwind_GetIP(context);
  if (!code_of_executable().has(code)) return _URC_NO_REASON;
  *static_cast<std::uintptr_t*>(found) = code;
  return _URC_END_OF_STACK;
}

}  // namespace

// ---- sites --------------------------------------------------------------------------------------

rt::site sites::program_frame(const void* code) {
  auto found = reinterpret_cast<std::uintptr_t>(code);
  const fiber::outside_heap outside;
  if (!code_of_executable().has(found)) _Unwind_Backtrace(stop_in_executable, &found);
  return at(reinterpret_cast<const void*>(found));
}

sites::entry& sites::find(const void* code) {
  const fiber::outside_heap outside;
  entry*& known = entries_[code];
  if (known == nullptr) {
    known = &all_.emplace_back();
    known->code = code;
  }
  return *known;
}

void sites::resolve() {
  const fiber::outside_heap outside;
  for (; resolved_ < all_.size(); ++resolved_) {
    entry& e = all_[resolved_];
    const place_in_source found = look_up(e.code);
    if (found.file != nullptr) e.file = texts_.emplace_back(found.file).c_str();
    if (found.function != nullptr) e.function = texts_.emplace_back(found.function).c_str();
    e.line = static_cast<unsigned>(found.line);
    e.column = static_cast<unsigned>(found.column);
  }
}

const void* sites::code_of(rt::site where) { return std::bit_cast<const entry*>(where)->code; }

std::vector<std::string> sites::frames_at(const void* code) {
  const fiber::outside_heap outside;
  std::vector<std::string> out;
  if (!code_of_executable().has(reinterpret_cast<std::uintptr_t>(code))) return out;
  for (const place_in_source& p : look_up_all(code)) {
    const std::string_view file = p.file == nullptr ? "?" : p.file;
    if (file.starts_with("/usr/include/c++/")) continue;
    out.push_back(fmt::format("{} ({}:{})", p.function == nullptr ? "?" : demangled(p.function),
                              file.substr(file.rfind('/') + 1), p.line));
  }
  return out;
}

std::string sites::function_at(const void* code) {
  const fiber::outside_heap outside;
  Dwfl_Module* const module = information().module_of(code);
  const auto address = reinterpret_cast<GElf_Addr>(code) - 1;
  const char* const name = module == nullptr ? nullptr : dwfl_module_addrname(module, address);
  return name == nullptr ? std::string() : name;
}

std::string sites::describe(const void* p) {
  const fiber::outside_heap outside;
  if (const auto named = names_.find(p); named != names_.end()) return named->second;
  std::string name = variable_at(p);
  return name.empty() ? fmt::format("memory at {}", fmt::ptr(p)) : name;
}

void sites::name(const void* p, const char* text) {
  const fiber::outside_heap outside;
  names_.insert_or_assign(p, text);
}

}  // namespace pawl::check::instrumented

#include "sites.hpp"

#include <dwarf.h>
#include <fmt/format.h>
#include <unwind.h>

#include <algorithm>
#include <bit>
#include <string_view>

#include "../../engine/segments.hpp"
#include "../../fiber/memory.hpp"
#include "../../report/demangled.hpp"
#include "debug_information.hpp"

namespace pawl::check::instrumented {
namespace {

using reporting::demangled;

// ---- debug information --------------------------------------------------------------------------

struct place_in_source {
  const char* file = nullptr;
  const char* function = nullptr;
  int line = 0, column = 0;
};

int number(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  return dwarf_formudata(dwarf_attr_integrate(die, name, &attribute), &value) == 0
             ? static_cast<int>(value)
             : 0;
}

// Where the code stands: in the function that was inlined there, and so on to the one that exists.
std::vector<place_in_source> look_up_all(const void* code) {
  Dwfl_Module* const module = module_of(code);
  if (module == nullptr) return {{}};
  const auto address = reinterpret_cast<Dwarf_Addr>(code) - 1;  // Within the call.
  place_in_source here;
  if (Dwfl_Line* const line = dwfl_module_getsrc(module, address))
    here.file = dwfl_lineinfo(line, nullptr, &here.line, &here.column, nullptr, nullptr);
  std::vector<place_in_source> out;
  Dwarf_Addr bias = 0;
  scope_list chain;
  Dwarf_Die* const unit = scopes_at(module, address, bias, chain);
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

std::string variable_at(const void* p, part which) {
  Dwfl_Module* const module = module_of(p);
  if (module == nullptr) return {};
  GElf_Off offset = 0;
  GElf_Sym symbol;
  const char* const name = dwfl_module_addrinfo(module, reinterpret_cast<GElf_Addr>(p), &offset,
                                                &symbol, nullptr, nullptr, nullptr);
  if (name == nullptr || offset >= symbol.st_size) return {};
  // A guard is one thing, whatever code makes of its bytes.
  if (std::string_view(name).starts_with("_ZGV")) return demangled(name);
  return demangled(name) + part_of_static(symbol.st_value, offset, which);
}

// ---- the stack ----------------------------------------------------------------------------------

// True of code of the executable that comes from headers of the system alone, by no call of the
// program's that is inlined there.
bool is_of_library(const void* code) {
  static std::unordered_map<const void*, bool>& known = *new std::unordered_map<const void*, bool>;
  const auto [at, is_new] = known.try_emplace(code);
  if (is_new)
    at->second = std::ranges::all_of(look_up_all(code), [](const place_in_source& p) {
      return p.file != nullptr && is_of_the_system(p.file);
    });
  return at->second;
}

_Unwind_Reason_Code stop_in_program(_Unwind_Context* context, void* to) {
  const std::uintptr_t code = _Unwind_GetIP(context);
  const auto* const here = reinterpret_cast<const void*>(code);
  if (!engine::is_code_of_executable(code) || is_of_library(here)) return _URC_NO_REASON;
  *static_cast<const void**>(to) = here;
  return _URC_END_OF_STACK;
}

}  // namespace

// ---- sites --------------------------------------------------------------------------------------

rt::site sites::program_frame(const void* code) {
  const fiber::outside_heap outside;
  if (!engine::is_code_of_executable(reinterpret_cast<std::uintptr_t>(code)) || is_of_library(code))
    _Unwind_Backtrace(stop_in_program, &code);
  return at(code);
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
  if (!engine::is_code_of_executable(reinterpret_cast<std::uintptr_t>(code))) return out;
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
  Dwfl_Module* const module = module_of(code);
  const auto address = reinterpret_cast<GElf_Addr>(code) - 1;
  const char* const name = module == nullptr ? nullptr : dwfl_module_addrname(module, address);
  return name == nullptr ? std::string() : name;
}

std::string sites::variable(const void* p, part which) {
  const fiber::outside_heap outside;
  if (const auto named = names_.find(p); named != names_.end()) return named->second;
  const std::string name = variable_at(p, which);
  return name.empty() ? the_stack_variables.name_at(p, which) : name;
}

std::string sites::describe(const void* p) {
  const fiber::outside_heap outside;
  const std::string name = variable(p);
  return name.empty() ? fmt::format("memory at {}", fmt::ptr(p)) : name;
}

void sites::name(const void* p, const char* text) {
  const fiber::outside_heap outside;
  names_.insert_or_assign(p, text);
}

}  // namespace pawl::check::instrumented

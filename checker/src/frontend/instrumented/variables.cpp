#include "variables.hpp"

#include <dwarf.h>
#include <fmt/format.h>
#include <unwind.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>

#include "../../fiber/memory.hpp"
#include "debug_information.hpp"

namespace pawl::check::instrumented {

stack_variables& the_stack_variables = *new stack_variables;

namespace {

constexpr std::size_t most_frames = 64;

// ---- types --------------------------------------------------------------------------------------

std::optional<Dwarf_Die> type_of(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  Dwarf_Die type;
  if (dwarf_attr_integrate(die, DW_AT_type, &attribute) == nullptr ||
      dwarf_formref_die(&attribute, &type) == nullptr || dwarf_peel_type(&type, &type) != 0)
    return std::nullopt;
  return type;
}

std::size_t size_of(Dwarf_Die* type) {
  Dwarf_Word size = 0;
  return dwarf_aggregate_size(type, &size) == 0 ? size : 0;
}

// Those that begin at a known place: not static members, nor virtual bases.
std::optional<std::size_t> offset_of(Dwarf_Die* member, bool in_union) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(member, DW_AT_data_member_location, &attribute) == nullptr)
    return in_union ? std::optional<std::size_t>(0) : std::nullopt;
  if (dwarf_formudata(&attribute, &value) != 0) return std::nullopt;
  return value;
}

// Effects: `type` and `offset` are those of the member or base that has the byte at `offset`.
// Returns: what the program appends for it; nothing: there is none.
std::optional<std::string> step_into_class(Dwarf_Die& type, std::size_t& offset) {
  const bool in_union = dwarf_tag(&type) == DW_TAG_union_type;
  std::optional<std::string> out;
  std::optional<Dwarf_Die> found;
  std::size_t begin = 0;
  for_children(&type, [&](Dwarf_Die* child) {
    const int tag = dwarf_tag(child);
    if (found || (tag != DW_TAG_member && tag != DW_TAG_inheritance)) return;
    const auto at = offset_of(child, in_union);
    auto of = type_of(child);
    if (!at || !of || offset < *at || offset - *at >= size_of(&*of)) return;
    const char* const name = tag == DW_TAG_member ? name_of(child) : nullptr;
    out = name == nullptr ? std::string() : fmt::format(".{}", name);
    found = of;
    begin = *at;
  });
  if (!found) return std::nullopt;
  type = *found;
  offset -= begin;
  return out;
}

std::optional<std::string> step_into_array(Dwarf_Die& type, std::size_t& offset) {
  int dimensions = 0;
  for_children(&type, [&](Dwarf_Die* child) {
    if (dwarf_tag(child) == DW_TAG_subrange_type) ++dimensions;
  });
  auto of = type_of(&type);
  const std::size_t size = of ? size_of(&*of) : 0;
  if (dimensions != 1 || size == 0) return std::nullopt;
  type = *of;
  const std::size_t index = offset / size;
  offset %= size;
  return fmt::format("[{}]", index);
}

// What lies within types of the system is theirs. Elements are told apart from their array.
std::string part_of(Dwarf_Die type, std::size_t offset, part which) {
  std::string out;
  std::size_t outermost = 0;  // The length of its name.
  for (;;) {
    const std::size_t before = offset;
    std::optional<std::string> next;
    const int tag = dwarf_tag(&type);
    const char* const file = dwarf_decl_file(&type);
    if (tag == DW_TAG_array_type)
      next = step_into_array(type, offset);
    else if (tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type)
      if (file == nullptr || !is_of_the_system(file)) next = step_into_class(type, offset);
    if (!next) break;
    out += *next;
    if (tag == DW_TAG_array_type || offset != before) outermost = out.size();
  }
  if (offset != 0) return fmt::format("{}+{}", out, offset);
  return which == part::outermost ? out.substr(0, outermost) : out;
}

// ---- static variables ---------------------------------------------------------------------------

using types = std::map<std::uintptr_t, Dwarf_Die>;

void add_variable(Dwarf_Die* die, Dwarf_Addr bias, types& to) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_attr(die, DW_AT_location, &attribute) == nullptr ||
      dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1 ||
      operations[0].atom != DW_OP_addr)
    return;
  if (const auto type = type_of(die)) to.emplace(operations[0].number + bias, *type);
}

void add_variables(Dwarf_Die* within, Dwarf_Addr bias, types& to) {
  for_children(within, [&](Dwarf_Die* child) {
    switch (dwarf_tag(child)) {
      case DW_TAG_variable:
        return add_variable(child, bias, to);
      case DW_TAG_namespace:
      case DW_TAG_subprogram:
      case DW_TAG_lexical_block:
        return add_variables(child, bias, to);
      default:
        return;
    }
  });
}

const types& static_types(Dwfl_Module* module) {
  static std::map<Dwfl_Module*, types>& all = *new std::map<Dwfl_Module*, types>;
  const auto [at, is_new] = all.try_emplace(module);
  Dwarf_Addr bias = 0;
  if (is_new)
    for (Dwarf_Die* unit = nullptr; (unit = dwfl_module_nextcu(module, unit, &bias)) != nullptr;)
      add_variables(unit, bias, at->second);
  return at->second;
}

// ---- variables on stacks ------------------------------------------------------------------------

// The attribute, while this code runs, if it is no more than one operation.
const Dwarf_Op* operation_in(Dwarf_Die* die, unsigned name, Dwarf_Addr code) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  const bool is_one = dwarf_attr(die, name, &attribute) != nullptr &&
                      dwarf_getlocation_addr(&attribute, code, &operations, &count, 1) == 1 &&
                      count == 1;
  return is_one ? operations : nullptr;
}

// From where places in the frame are told, as a distance from the canonical frame address: gcc
// takes that itself, clang the frame pointer, behind which two words lie.
std::optional<std::ptrdiff_t> frame_base(Dwarf_Die* function, Dwarf_Addr code) {
  const Dwarf_Op* const base = operation_in(function, DW_AT_frame_base, code);
  if (base != nullptr && base->atom == DW_OP_call_frame_cfa) return 0;
#ifdef __x86_64__
  if (base != nullptr && base->atom == DW_OP_reg6) return -2 * std::ptrdiff_t{sizeof(void*)};
#endif
  return std::nullopt;
}

// How far from the canonical frame address the variable lies while this code runs.
std::optional<std::ptrdiff_t> place_in_frame(Dwarf_Die* variable, std::ptrdiff_t base,
                                             Dwarf_Addr code) {
  const Dwarf_Op* const place = operation_in(variable, DW_AT_location, code);
  if (place == nullptr) return std::nullopt;
  const bool by_pointer = base != 0 && place->atom == DW_OP_breg6;  // Clang says it so, too.
  if (!by_pointer && place->atom != DW_OP_fbreg) return std::nullopt;
  return base + static_cast<std::ptrdiff_t>(place->number);
}

// What `name_of_it` makes of the variable that has p: of its name, its type and where p is in it.
template <class F>
std::string find_in_frame(const void* code, std::uintptr_t frame_address, std::uintptr_t p,
                          F name_of_it) {
  Dwfl_Module* const module = module_of(code);
  if (module == nullptr) return {};
  const Dwarf_Addr address = reinterpret_cast<Dwarf_Addr>(code) - 1;  // Within the call.
  Dwarf_Addr bias = 0;
  scope_list chain;
  scopes_at(module, address, bias, chain);
  std::span<Dwarf_Die> scopes(chain.first, static_cast<std::size_t>(chain.count));
  const auto function = std::ranges::find_if(
      scopes, [](Dwarf_Die& scope) { return dwarf_tag(&scope) == DW_TAG_subprogram; });
  if (function == scopes.end()) return {};
  const auto base = frame_base(&*function, address - bias);
  if (!base) return {};
  std::optional<std::string> out;
  for (auto scope = scopes.begin(); scope <= function && !out; ++scope)
    for_children(&*scope, [&](Dwarf_Die* child) {
      const int tag = dwarf_tag(child);
      if (out || (tag != DW_TAG_variable && tag != DW_TAG_formal_parameter)) return;
      const auto at = place_in_frame(child, *base, address - bias);
      auto type = type_of(child);
      const char* const name = name_of(child);
      if (!at || !type || name == nullptr) return;
      const std::uintptr_t offset = p - (frame_address + static_cast<std::uintptr_t>(*at));
      if (offset < size_of(&*type)) out = name_of_it(name, *type, offset);
    });
  return out.value_or(std::string());
}

bool is_boolean(Dwarf_Die* type) {
  Dwarf_Attribute attribute;
  Dwarf_Word encoding = 0;
  return dwarf_formudata(dwarf_attr(type, DW_AT_encoding, &attribute), &encoding) == 0 &&
         encoding == DW_ATE_boolean;
}

bool is_simple(Dwarf_Die* type, std::size_t size) {
  const int tag = dwarf_tag(type);
  if (size_of(type) != size) return false;
  if (size == 1) return tag == DW_TAG_base_type && is_boolean(type);
  return tag == DW_TAG_base_type || tag == DW_TAG_pointer_type || tag == DW_TAG_enumeration_type;
}

using frames_found = std::vector<std::pair<const void*, std::uintptr_t>>;  // Code, stack pointer.

_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* to) {
  auto& found = *static_cast<frames_found*>(to);
  found.emplace_back(reinterpret_cast<const void*>(_Unwind_GetIP(context)),
                     _Unwind_GetCFA(context));
  return found.size() == most_frames ? _URC_END_OF_STACK : _URC_NO_REASON;
}

}  // namespace

std::string part_of_static(std::uintptr_t variable, std::size_t offset, part which) {
  Dwfl_Module* const module = module_of(reinterpret_cast<const void*>(variable));
  if (module != nullptr)
    if (const auto known = static_types(module).find(variable); known != static_types(module).end())
      return part_of(known->second, offset, which);
  return offset == 0 ? std::string() : fmt::format("+{}", offset);
}

void stack_variables::note(const engine::runtime& r, engine::thread_index t) {
  const fiber::outside_heap outside;
  if (run_ != r.course.number)
    for (auto& each : known_) each.clear();
  run_ = r.course.number;
  frames_found found;
  _Unwind_Backtrace(add_frame, &found);
  if (found.empty()) return;
  std::vector<frame>& mine = known_[t];
  const std::uintptr_t now = found[0].second;
  std::erase_if(mine, [=](const frame& f) { return f.end > now; });
  for (std::size_t i = 1; i < found.size(); ++i)
    mine.push_back({found[i - 1].first, found[i - 1].second, found[i].second});
}

const stack_variables::frame* stack_variables::frame_at(std::uintptr_t address) const {
  using region = fiber::region;
  const std::uintptr_t offset = address - region::first_address;
  if (offset >= region::span || offset % region::thread_span >= fiber::thread_memory::heap_offset ||
      offset / region::thread_span >= known_.size())
    return nullptr;
  for (const frame& f : known_[offset / region::thread_span])
    if (address >= f.begin && address < f.end) return &f;
  return nullptr;
}

std::string stack_variables::name_at(const void* p, part which) const {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  const frame* const f = frame_at(address);
  if (f == nullptr) return {};
  return find_in_frame(f->code, f->end, address,
                       [=](const char* name, Dwarf_Die type, std::size_t offset) {
                         return name + part_of(type, offset, which);
                       });
}

std::string stack_variables::simple_at(const void* p, std::size_t size) const {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  const frame* const f = frame_at(address);
  if (f == nullptr) return {};
  return find_in_frame(
      f->code, f->end, address, [=](const char* name, Dwarf_Die type, std::size_t offset) {
        return offset == 0 && is_simple(&type, size) ? std::string(name) : std::string();
      });
}

}  // namespace pawl::check::instrumented

#include "machine_function.hpp"

#include <dlfcn.h>

#include <array>
#include <string>
#include <string_view>

// Of the compiler's runtime library: where the tables of a function for unwinding are.
struct dwarf_eh_bases {
  void *text, *data, *function;
};
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): it is called so.
extern "C" const std::byte* _Unwind_Find_FDE(const void* code, dwarf_eh_bases*);

namespace pawl::check::engine::machine {
namespace {

std::uint64_t read_number(const std::byte*& p) {  // LEB128
  std::uint64_t v = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto b = std::to_integer<std::uint64_t>(*p++);
    v |= (b & 0x7f) << shift;
    if ((b & 0x80) == 0) return v;
  }
}

/// Empty, if nothing is known of it or exceptions may come back to it.
extent find_extent(const std::byte* code) {
  dwarf_eh_bases bases{};
  const std::byte* const entry = _Unwind_Find_FDE(code, &bases);
  if (entry == nullptr) return {};
  const std::byte* common = entry + 4 - read<std::int32_t>(entry + 4);
  common += 9;  // Its length, its number, its version.
  const auto* const augmentation = reinterpret_cast<const char*>(common);
  if (augmentation[0] != 'z') return {};
  common += std::strlen(augmentation) + 1;
  for (int i = 0; i < 4; ++i) read_number(common);  // Factors, register, length of what follows.
  for (const char* a = augmentation + 1; *a != '\0'; ++a) {
    if (*a != 'R') return {};
    const unsigned encoding = std::to_integer<unsigned>(*common++) & 0x0f;
    const auto* const begin = static_cast<const std::byte*>(bases.function);
    if (encoding == 0x0b) return {begin, begin + read<std::uint32_t>(entry + 12)};
    if (encoding == 0x00 || encoding == 0x0c)
      return {begin, begin + read<std::uint64_t>(entry + 16)};
  }
  return {};
}

/// By the number of its bits, as in __tsan_atomic32_load.
std::uint8_t bytes_of(std::string_view atomic_hook) {
  const std::string_view bits = atomic_hook.substr(std::string_view("__tsan_atomic").size());
  for (const int bytes : {1, 2, 4, 8})
    if (bits.starts_with(std::to_string(bytes * 8) + '_')) return static_cast<std::uint8_t>(bytes);
  return 16;
}

/// `cell` holds its address; null: it is not one of a library.
called callee_in(const std::byte* cell) {
  Dl_info found;
  if (cell == nullptr) return {};
  if (dladdr(read<void*>(cell), &found) == 0 || found.dli_sname == nullptr) return {};
  const std::string_view name = found.dli_sname;
  if (name.starts_with("__tsan_read") || name.starts_with("__tsan_write") ||
      name.starts_with("__tsan_volatile") || name.starts_with("__tsan_unaligned"))
    return {name.ends_with("_range") ? callee::any : callee::takes_address};
  if (name.starts_with("__tsan_atomic") &&
      (name.ends_with("_compare_exchange_strong") || name.ends_with("_compare_exchange_weak")))
    return {callee::compares, bytes_of(name)};
  if (name == "__assert_fail" || name == "abort" || name == "exit" || name == "__stack_chk_fail")
    return {callee::never_returns};
  if (name.find("setjmp") != name.npos || name == "getcontext" || name == "vfork")
    return {callee::returns_again};
  return {};
}

/// Of a call, through the linker's table if need be.
const std::byte* cell_of(const instruction& call) {
  const std::byte* code = call.target;
  if (code == nullptr) return call.cell;
  if (read<std::uint32_t>(code) == 0xfa1e0ff3) code += 4;  // endbr64
  if (read<std::uint8_t>(code) == 0xf2) ++code;
  return read<std::uint16_t>(code) == 0x25ff ? code + 6 + read<std::int32_t>(code + 2) : nullptr;
}

}  // namespace

bool goes_on(const instruction& i) {
  return i.kind != form::unknown && i.kind != form::call && i.kind != form::jump &&
         i.kind != form::branch && i.kind != form::ret;
}
bool makes_frame(const instruction& i) {
  return i.kind == form::move && i.to == rbp && i.from == rsp;
}

const instruction& instruction_at(const std::byte* code) {
  static std::unordered_map<const std::byte*, instruction>& known =
      *new std::unordered_map<const std::byte*, instruction>;
  const auto [at, is_new] = known.try_emplace(code);
  if (is_new) at->second = decode(code);
  return at->second;
}

void function::add(const std::byte* at) {
  constexpr std::size_t most = 4;
  if (const extent e = find_extent(at); e.contains(at) && parts.size() < most) parts.push_back(e);
}

bool drops_locals(const instruction& i) {
  return i.kind == form::move && i.to == rsp &&
         (i.from == rbp ||
          (i.memory.is_address && i.memory.base == rbp && i.memory.index == operand::none));
}

successors after(const function& f, const std::byte* at, const instruction& i) {
  successors s;
  if (i.kind == form::unknown) s.are_known = false;
  if (i.kind == form::unknown || i.kind == form::ret) return s;
  if (i.kind == form::call) {
    const auto c = f.calls.find(at);
    if (c != f.calls.end() && c->second.what == callee::never_returns) return s;
  }
  if (i.kind != form::jump) s.next = at + i.length;
  if (i.kind == form::jump || i.kind == form::branch) s.other = i.target;
  for (const std::byte* to : {s.next, s.other})
    if (to != nullptr && !f.contains(to)) s.are_known = false;
  return s;
}

namespace {

/// Reads all code that is reached from the beginning. False: there is more, or more ways through.
bool read_code(function& f) {
  constexpr std::size_t most = 4096;
  std::vector<const std::byte*> open{f.where.begin};
  bool is_known = true;
  while (!open.empty() && f.code.size() < most) {
    const std::byte* const at = open.back();
    open.pop_back();
    if (f.code.contains(at)) continue;
    const instruction& i = instruction_at(at);
    f.code.emplace(at, i);
    if (i.kind == form::call) f.calls.emplace(at, callee_in(cell_of(i)));
    if ((i.kind == form::jump || i.kind == form::branch) && !f.contains(i.target)) f.add(i.target);
    const successors s = after(f, at, i);
    is_known = is_known && s.are_known;
    for (const std::byte* to : {s.next, s.other})
      if (to != nullptr && s.are_known) open.push_back(to);
  }
  return is_known && open.empty() &&
         std::none_of(f.calls.begin(), f.calls.end(),
                      [](const auto& c) { return c.second.what == callee::returns_again; });
}

/// Looks for push rbp; mov rbp, rsp, with others between that don't matter. Returns the end of what
/// the function begins with before it calls or branches; null: there are none.
const std::byte* end_of_prologue(const function& f) {
  bool is_pushed = false, is_framed = false;
  const std::byte* at = f.where.begin;
  while (f.where.contains(at)) {
    const instruction& i = instruction_at(at);
    if (!goes_on(i)) break;
    if (!is_pushed && i.kind == form::push) {
      if (i.from != rbp) return nullptr;
      is_pushed = true;
    } else if (!is_framed && makes_frame(i)) {
      if (!is_pushed) return nullptr;
      is_framed = true;
    } else if (!is_framed && (i.kind == form::push || i.kind == form::adjust ||
                              i.kind == form::pop || i.kind == form::leave)) {
      return nullptr;
    }
    at += i.length;
  }
  return is_framed ? at : nullptr;
}

}  // namespace

// Paths end at the first instruction that sets rax, or calls. What is left there when a function
// returns is its result, perhaps.
bool result_is_read(const std::byte* code) {
  constexpr std::size_t most = 256;
  std::vector<const std::byte*> seen{code};
  for (std::size_t n = 0; n < seen.size(); ++n) {
    const instruction& i = instruction_at(seen[n]);
    const bool is_known = i.kind != form::unknown && i.kind != form::ret;
    if (!is_known || ((i.uses | i.addressing) & only(rax)) != 0 || seen.size() > most) return true;
    const bool goes_anywhere = i.kind == form::call || i.kind == form::jump;
    if (goes_anywhere && i.target == nullptr && i.cell == nullptr) return true;
    if (i.kind == form::call || (i.sets & only(rax)) != 0) continue;
    const auto open = [&](const std::byte* to) {
      if (std::find(seen.begin(), seen.end(), to) == seen.end()) seen.push_back(to);
    };
    if (i.kind == form::jump && i.target == nullptr) return true;
    if (i.kind == form::jump || i.kind == form::branch) open(i.target);
    if (i.kind != form::jump) open(seen[n] + i.length);
  }
  return false;
}

const function& function_at(const std::byte* code) {
  static std::unordered_map<const std::byte*, function>& known =
      *new std::unordered_map<const std::byte*, function>;
  const auto [at, is_new] = known.try_emplace(code);
  function& f = at->second;
  if (!is_new) return f;
  f.where = find_extent(code - 1);
  if (!f.where.contains(code)) return f;
  const std::byte* const prologue_end = end_of_prologue(f);
  if (prologue_end == nullptr) return f;
  f.is_framed = true;
  f.is_closed = read_code(f) && keeps_addresses(f, prologue_end);
  return f;
}

}  // namespace pawl::check::engine::machine

// Places in a function from which it goes on alike.
#include <algorithm>
#include <cstring>
#include <utility>

#include "machine_function.hpp"

namespace pawl::check::engine::machine {
namespace {

unsigned byte_at(const std::byte* code) { return std::to_integer<unsigned>(*code); }

// An instruction that does nothing, and fills up: 0x90, or 0x0f1f with an operand.
bool is_filler(const std::byte* code) {
  while (byte_at(code) == 0x66 || byte_at(code) == 0x2e) ++code;
  return byte_at(code) == 0x90 || (byte_at(code) == 0x0f && byte_at(code + 1) == 0x1f);
}

// The next instruction that does something.
const std::byte* next_of(const std::byte* code) {
  constexpr int most = 16;
  for (int n = 0; n < most; ++n) {
    const instruction& i = instruction_at(code);
    if (i.kind == form::jump && i.target != nullptr)
      code = i.target;
    else if (i.length != 0 && is_filler(code))
      code += i.length;
    else
      break;
  }
  return code;
}

// The number of the condition; those of a condition and its opposite differ in the lowest bit.
unsigned condition_of(const std::byte* branch) {
  return (byte_at(branch) == 0x0f ? byte_at(branch + 1) : byte_at(branch)) & 0x0f;
}
bool is_plain_branch(const std::byte* code) {
  const unsigned first = byte_at(code);
  return (first & 0xf0) == 0x70 || (first == 0x0f && (byte_at(code + 1) & 0xf0) == 0x80);
}

class comparison {
 public:
  comparison(const std::byte* a, const std::byte* b) { open(a, b); }

  bool run() {
    constexpr std::size_t most = 128;
    for (std::size_t n = 0; n < pairs_.size(); ++n) {
      const auto [a, b] = pairs_[n];
      if (pairs_.size() > most || !step(a, b)) return false;
    }
    return true;
  }

 private:
  void open(const std::byte* a, const std::byte* b) {
    const std::pair p{next_of(a), next_of(b)};
    if (p.first != p.second && std::find(pairs_.begin(), pairs_.end(), p) == pairs_.end())
      pairs_.push_back(p);
  }

  bool step(const std::byte* a, const std::byte* b) {
    const instruction &i = instruction_at(a), &j = instruction_at(b);
    if (i.kind != j.kind || i.kind == form::unknown || i.kind == form::jump) return false;
    if (i.kind == form::branch) {
      if (!is_plain_branch(a) || !is_plain_branch(b)) return false;
      const unsigned difference = condition_of(a) ^ condition_of(b);
      const std::byte *taken = j.target, *passed = b + j.length;
      if (difference == 1) std::swap(taken, passed);
      open(i.target, taken);
      open(a + i.length, passed);
      return difference <= 1;
    }
    const bool is_fixed_call = i.kind == form::call && (i.target != nullptr || i.cell != nullptr);
    if (is_fixed_call ? i.target != j.target || i.cell != j.cell : !are_equal(a, i, b, j))
      return false;
    if (i.kind != form::ret) open(a + i.length, b + j.length);
    return true;
  }

  static bool are_equal(const std::byte* a, const instruction& i, const std::byte* b,
                        const instruction& j) {
    if (i.length != j.length) return false;
    const operand& m = i.memory;
    const bool may_be_relative = m.is_used && m.base == operand::none;
    if (!may_be_relative) return std::memcmp(a, b, i.length) == 0;
    return m.index == operand::none && have_same_operand(a, i, b, j);
  }
  // It lies at a distance from the instructions, and so at another one from each.
  static bool have_same_operand(const std::byte* a, const instruction& i, const std::byte* b,
                                const instruction& j) {
    constexpr unsigned size = 4;
    if (a + i.memory.offset != b + j.memory.offset) return false;
    for (unsigned at = 1; at + size <= i.length; ++at)
      if (read<std::int32_t>(a + at) == i.memory.offset &&
          read<std::int32_t>(b + at) == j.memory.offset && std::memcmp(a, b, at) == 0 &&
          std::memcmp(a + at + size, b + at + size, i.length - at - size) == 0)
        return true;
    return false;
  }

  std::vector<std::pair<const std::byte*, const std::byte*>> pairs_;
};

}  // namespace

const std::byte* first_alike(const std::byte* code) {
  static std::unordered_map<const std::byte*, const std::byte*>& known =
      *new std::unordered_map<const std::byte*, const std::byte*>;
  static std::unordered_map<const std::byte*, std::vector<const std::byte*>>& of_function =
      *new std::unordered_map<const std::byte*, std::vector<const std::byte*>>;
  const auto [at, is_new] = known.try_emplace(code, code);
  const function& f = function_at(code);
  if (!is_new || !f.where.contains(code)) return at->second;
  std::vector<const std::byte*>& others = of_function[f.where.begin];
  const auto alike = std::find_if(others.begin(), others.end(), [code](const std::byte* other) {
    return comparison(code, other).run();
  });
  if (alike == others.end())
    others.push_back(code);
  else
    at->second = *alike;
  return at->second;
}

}  // namespace pawl::check::engine::machine

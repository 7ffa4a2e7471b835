#include "liveness.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "machine_function.hpp"

namespace pawl::check::engine {
namespace {

using namespace machine;

// ---- from a place to the end of its function ----------------------------------------------------

constexpr std::int32_t slot_bytes = 512;
using slot_set = std::bitset<slot_bytes>;  // Bytes, from the stack pointer where it stands on.

struct live {
  reg_set registers = 0;
  slot_set slots;
  bool operator==(const live&) const = default;
  void add(const live& o) {
    registers |= o.registers;
    slots |= o.slots;
  }
};

struct frame_state {
  live needed;
  bool is_known = false;
  bool reads_arguments = false;  ///< Of the frame of its caller.
};

/// The analysis of a function from `begin` on, where the frame pointer lies `size` bytes above the
/// stack pointer; the caller needs `out`.
class walk_to_end {
 public:
  walk_to_end(const function& f, const std::byte* begin, std::int32_t size, reg_set out)
      : f_(f), size_(size), out_(out) {
    everything_.registers = 0xffff;
    everything_.slots.set();
    open(begin, 0);
  }

  frame_state run() {
    while (!open_.empty()) {
      const std::size_t n = open_.back();
      open_.pop_back();
      if (nodes_.size() > most || !expand(n)) return {};
    }
    if (!reaches_end_) return {};
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t n = nodes_.size(); n-- > 0;) {
        const live now = before(nodes_[n]);
        changed = changed || !(now == nodes_[n].needed);
        nodes_[n].needed = now;
      }
    }
    return {nodes_[0].needed, true, reads_arguments_};
  }

 private:
  static constexpr std::size_t most = 4096;
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  struct node {
    const std::byte* at;
    std::int32_t stack;  // The stack pointer's distance from where it stood at the beginning.
    instruction i;
    bool is_known = true;
    std::size_t next = nowhere, other = nowhere;
    live needed;
  };

  std::size_t open(const std::byte* at, std::int32_t stack) {
    const auto [known, is_new] = numbers_.try_emplace(at, nodes_.size());
    if (is_new) {
      nodes_.push_back({.at = at, .stack = stack, .i = instruction_at(at), .needed = {}});
      open_.push_back(known->second);
    } else if (nodes_[known->second].stack != stack) {
      is_consistent_ = false;
    }
    return known->second;
  }

  bool has_frame(const node& n) const { return n.stack <= size_; }

  // The stack pointer after it, if that is known.
  bool step(const node& n, std::int32_t& stack) const {
    const instruction& i = n.i;
    switch (i.kind) {
      case form::push:
        stack -= 8;
        return true;
      case form::pop:
        stack += 8;
        return i.to != rsp;
      case form::adjust:
        stack += i.constant;
        return true;
      case form::leave:
        stack = size_ + 8;
        return has_frame(n);
      case form::move:
        if (i.to == rbp) return false;
        if (i.to != rsp) return true;
        stack = size_ + (i.from == rbp ? 0 : i.memory.offset);
        return drops_locals(i) && has_frame(n);
      default:
        return true;
    }
  }

  // False: nothing can be told of the function.
  bool expand(std::size_t number) {
    const node n = nodes_[number];
    const successors s = after(f_, n.at, n.i);
    std::int32_t stack = n.stack;
    if (!step(n, stack)) return false;
    if (n.i.kind == form::ret) {
      reaches_end_ = true;
      return n.stack == size_ + 8;
    }
    const bool is_base = (n.i.addressing & only(rbp)) != 0;
    if (is_base && !has_frame(n)) return false;
    nodes_[number].is_known = s.are_known;
    if (!s.are_known) return true;
    if (const auto [from, to] = touched(n); from < to && n.i.memory.is_read && to > size_ + 16)
      reads_arguments_ = true;
    if (s.next != nullptr) {
      const std::size_t next = open(s.next, stack);
      nodes_[number].next = next;
    }
    if (s.other != nullptr) {
      const std::size_t other = open(s.other, stack);
      nodes_[number].other = other;
    }
    return is_consistent_;
  }

  struct range {
    std::int32_t from = 0, to = 0;
  };
  // The part of the frame that its operand may be.
  range touched(const node& n) const {
    const operand& m = n.i.memory;
    if (!m.is_used || m.is_address || (m.base != rsp && m.base != rbp)) {
      const bool indexes = m.is_used && !m.is_address && (m.index == rbp || m.index == rsp);
      return indexes ? range{-slot_bytes, 1 << 30} : range{};
    }
    if (m.index != operand::none) return {-slot_bytes, 1 << 30};
    const std::int32_t from = (m.base == rsp ? n.stack : size_) + m.offset;
    return {from, from + m.size};
  }
  static void put(slot_set& slots, range r, bool value) {
    for (std::int32_t i = std::max(r.from, 0); i < std::min(r.to, slot_bytes); ++i)
      slots.set(static_cast<std::size_t>(i), value);
  }

  live before(const node& n) const {
    if (!n.is_known) return everything_;
    live l;
    if (n.i.kind == form::ret) {
      l.registers = static_cast<reg_set>((out_ & callee_saved) | only(rax) | only(rdx));
      return l;
    }
    if (n.next != nowhere) l.add(nodes_[n.next].needed);
    if (n.other != nowhere) l.add(nodes_[n.other].needed);
    const instruction& i = n.i;
    const bool restores = (i.kind == form::pop || i.kind == form::move) && i.to != operand::none &&
                          (callee_saved & only(i.to)) != 0 &&
                          (l.registers & only(i.to)) == 0;  // Of no use to anybody.
    l.registers &= static_cast<reg_set>(~i.sets);
    if (i.kind == form::call) use_call(n, l);
    if (i.kind == form::pop && !restores) put(l.slots, {n.stack, n.stack + 8}, true);
    if (i.kind == form::push) put(l.slots, {n.stack - 8, n.stack}, false);
    if (i.kind == form::leave) put(l.slots, {size_, size_ + 8}, true);
    const range r = touched(n);
    const bool is_certain = i.memory.index == operand::none;
    if (i.memory.is_written && !i.memory.is_read && is_certain) put(l.slots, r, false);
    if (i.memory.is_read && !restores) put(l.slots, r, true);
    l.registers |= static_cast<reg_set>(i.uses | i.addressing);
    return l;
  }
  void use_call(const node& n, live& l) const {
    constexpr auto arguments = static_cast<reg_set>(only(rdi) | only(rsi) | only(rdx) | only(rcx) |
                                                    only(r8) | only(r9) | only(rax) | only(r10));
    l.registers = static_cast<reg_set>((l.registers & callee_saved) | arguments);
    const auto read = f_.read_by_calls.find(n.at);
    if (read == f_.read_by_calls.end()) return;
    for (const frame_bytes b : read->second)
      put(l.slots, {size_ + b.first, size_ + b.first + b.size}, true);
  }

  const function& f_;
  std::int32_t size_;
  reg_set out_;
  live everything_;
  std::vector<node> nodes_;
  std::vector<std::size_t> open_;
  std::unordered_map<const std::byte*, std::size_t> numbers_;
  bool is_consistent_ = true, reaches_end_ = false, reads_arguments_ = false;
};

const frame_state& needed_at(const function& f, const std::byte* code, std::int32_t size,
                             reg_set out) {
  using key = std::tuple<const std::byte*, std::int32_t, reg_set>;
  static std::map<key, frame_state>& known = *new std::map<key, frame_state>;
  const auto [at, is_new] = known.try_emplace({code, size, out});
  if (is_new) at->second = walk_to_end(f, code, size, out).run();
  return at->second;
}

// ---- the stack of a thread ----------------------------------------------------------------------

struct frame {
  const std::byte *code, *stack;  // Where it goes on, and its stack pointer there.
  std::int32_t size;              // Up to the frame pointer.
  const function* in;
};

}  // namespace

void clear_dead(std::span<std::byte> state, const void* hook_frame, const void* stack_top,
                std::span<const std::byte> kept) {
  constexpr std::size_t most_frames = 16, registers = 5;
  constexpr std::array<std::uint8_t, registers> order{rbx, r12, r13, r14, r15};
  std::array<frame, most_frames> frames;
  std::size_t count = 0;
  const auto* const top = static_cast<const std::byte*>(stack_top);
  for (const auto* at = static_cast<const std::byte*>(hook_frame); count < most_frames;) {
    const auto* const outer = read<const std::byte*>(at);
    const auto* const code = read<const std::byte*>(at + 8);
    const std::byte* const stack = at + 16;
    if (outer < stack || outer > top - 16) break;
    const function& f = function_at(code);
    if (!f.is_framed) break;
    frames[count++] = {code, stack, static_cast<std::int32_t>(outer - stack), &f};
    at = outer;
  }

  std::array<const frame_state*, most_frames> states;
  reg_set out = callee_saved;
  std::size_t known = count;
  for (std::size_t n = count; n-- > 0;) {
    states[n] = &needed_at(*frames[n].in, frames[n].code, frames[n].size, out);
    if (!states[n]->is_known) known = n;
    out = states[n]->is_known ? static_cast<reg_set>(states[n]->needed.registers & callee_saved)
                              : callee_saved;
  }

  const auto* const begin = static_cast<const std::byte*>(hook_frame) - registers * 8;
  const auto clear = [&](const std::byte* p) {
    if (p < kept.data() || p >= kept.data() + kept.size())
      state[static_cast<std::size_t>(p - begin)] = {};
  };
  if (known == 0) return;
  for (std::size_t r = 0; r < registers; ++r)
    if ((out & only(order[r])) == 0)
      for (std::size_t b = 0; b < 8; ++b) clear(begin + r * 8 + b);
  bool arguments_read = false;
  for (std::size_t n = 0; n < known; ++n) {
    const std::int32_t size = std::min(frames[n].size, slot_bytes);
    if (frames[n].in->is_closed && !arguments_read)
      for (std::int32_t b = 0; b < size; ++b)
        if (!states[n]->needed.slots.test(static_cast<std::size_t>(b))) clear(frames[n].stack + b);
    arguments_read = states[n]->reads_arguments || !frames[n].in->is_closed;
  }
}

}  // namespace pawl::check::engine

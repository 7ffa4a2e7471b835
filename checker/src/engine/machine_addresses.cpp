// Where the addresses of a function's own variables go.

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "machine_function.hpp"

namespace pawl::check::engine::machine {
namespace {

using offsets = std::vector<std::int32_t>;  // From the frame pointer.

bool is_of_frame(const instruction& i) {
  return i.memory.is_address && ((i.addressing & (only(rsp) | only(rbp))) != 0) && i.to != rsp;
}
bool is_in_frame(const operand& m) {
  return m.is_used && !m.is_address && m.base == rbp && m.index == operand::none;
}
/// It writes or reads all of a register's 8 bytes.
bool is_store(const instruction& i) {
  return is_in_frame(i.memory) && i.memory.size == 8 && i.memory.is_written && !i.memory.is_read;
}
bool is_reload(const instruction& i) {
  return is_in_frame(i.memory) && i.memory.size == 8 && i.memory.is_read && !i.memory.is_written &&
         i.kind == form::move && i.to != rsp && i.to != rbp;
}

void unite(offsets& to, const offsets& more) {
  for (const std::int32_t m : more)
    if (std::find(to.begin(), to.end(), m) == to.end()) to.push_back(m);
}

/// Follows addresses of the frame through the code. They may be formed in rdi and rsi for a call
/// that follows and is known to do nothing bad with them, and be kept for that in registers and in
/// slots of the frame, which are used for nothing but whole registers.
class address_search {
 public:
  address_search(function& f, const std::byte* prologue_end) : f_(f), end_(prologue_end) {}

  /// Effects: notes what calls read. Returns true if no address goes anywhere else.
  bool run() {
    constexpr int most_rounds = 8;
    int rounds = 0;
    decltype(addresses_) before;
    do {
      if (++rounds > most_rounds) return false;
      before = addresses_;
      follow_kept();
    } while (finds_slots() || before != addresses_);
    return std::all_of(f_.code.begin(), f_.code.end(), [this](const auto& c) {
      return leaves_slots(c.second) && is_harmless(c.first, c.second);
    });
  }

 private:
  static bool is_kept_by(const instruction& i) {
    return is_of_frame(i) && (callee_saved & only(i.to)) != 0;
  }
  /// True if it copies an address to another register that keeps it.
  static bool copies(const instruction& i, reg_set kept) {
    return i.kind == form::move && i.from != operand::none && (kept & only(i.from)) != 0 &&
           (callee_saved & only(i.to)) != 0 && i.to != rbp;
  }
  /// The addresses that a slot holds, if it reads one that holds some.
  [[nodiscard]] const offsets* reloaded(const instruction& i) const {
    const auto slot = is_reload(i) ? slots_.find(i.memory.offset) : slots_.end();
    return slot == slots_.end() ? nullptr : &slot->second;
  }

  // From the beginning on, each way: which registers may hold addresses before an instruction.
  void follow_kept() {
    std::vector<const std::byte*> open{f_.where.begin};
    kept_.clear();
    kept_.try_emplace(f_.where.begin);
    while (!open.empty()) {
      const std::byte* const at = open.back();
      open.pop_back();
      const auto known = f_.code.find(at);
      if (known == f_.code.end()) continue;
      const instruction& i = known->second;
      auto holds = static_cast<reg_set>(kept_[at] & ~i.sets);
      const offsets* const from_slot = reloaded(i);
      if (is_kept_by(i) || (from_slot != nullptr && (callee_saved & only(i.to)) != 0)) {
        holds |= only(i.to);
        unite(addresses_[i.to], from_slot != nullptr ? *from_slot : offsets{i.memory.offset});
      }
      if (copies(i, kept_[at])) {
        holds |= only(i.to);
        unite(addresses_[i.to], offsets(addresses_[i.from]));
      }
      const successors s = after(f_, at, i);
      for (const std::byte* to : {s.next, s.other}) {
        if (to == nullptr) continue;
        const auto [next, is_new] = kept_.try_emplace(to);
        if (!is_new && (holds & ~next->second) == 0) continue;
        next->second |= holds;
        open.push_back(to);
      }
    }
  }

  // Effects: notes the slots that addresses are stored to. Returns: whether that is news.
  bool finds_slots() {
    const auto before = slots_;
    for (const auto& [at, i] : f_.code) {
      const auto known = kept_.find(at);
      const reg_set kept = known == kept_.end() ? reg_set{0} : known->second;
      if (is_store(i) && (i.uses & kept) != 0)
        for (unsigned r = 0; r < addresses_.size(); ++r)
          if ((i.uses & kept & only(r)) != 0) unite(slots_[i.memory.offset], addresses_[r]);
      if (is_of_frame(i) && !is_kept_by(i))
        for (const std::byte* store : stores_of(at + i.length, i.to))
          unite(slots_[f_.code.at(store).memory.offset], {i.memory.offset});
    }
    return before != slots_;
  }

  // Where the value of a register that nobody keeps is stored, in what follows, if it is used for
  // nothing else; else nowhere.
  std::vector<const std::byte*> stores_of(const std::byte* at, std::uint8_t r) const {
    constexpr auto never_passed = static_cast<reg_set>(only(rax) | only(r11));
    std::vector<const std::byte*> found;
    for (;;) {
      const auto c = f_.code.find(at);
      if (c == f_.code.end()) return {};
      const instruction& i = c->second;
      if (i.kind == form::call && (never_passed & only(r)) != 0) return found;
      if (!goes_on(i) || (i.addressing & only(r)) != 0) return {};
      if ((i.uses & only(r)) != 0) {
        if (!is_store(i) || i.uses != only(r)) return {};
        found.push_back(at);
      }
      if ((i.sets & only(r)) != 0) return found;
      at += i.length;
    }
  }

  // A slot is only written and read as a whole, and nothing else begins in it or before it.
  bool leaves_slots(const instruction& i) const {
    if (slots_.empty()) return true;
    const operand& m = i.memory;
    const bool is_near = (i.addressing & (only(rsp) | only(rbp))) != 0;
    if (!is_near && !m.is_address) return true;
    if (is_near && !m.is_address && !is_in_frame(m)) return false;
    constexpr std::int32_t most = 16;
    const std::int32_t size = m.is_address ? most : m.size;
    return std::none_of(slots_.begin(), slots_.end(), [&](const auto& slot) {
      if (!is_near || m.offset >= slot.first + 8 || m.offset + size <= slot.first) return false;
      return m.offset != slot.first || !(is_store(i) || is_reload(i));
    });
  }

  bool is_harmless(const std::byte* at, const instruction& i) {
    const bool begins = at >= f_.where.begin && at < end_;
    if (i.kind == form::push) return begins && i.from != rsp && is_saved_first(at, i.from);
    if (makes_frame(i)) return begins;
    if (drops_locals(i)) return true;
    if (is_of_frame(i)) {
      if (i.memory.base != rbp || i.memory.index != operand::none || i.memory.offset >= 0)
        return false;
      if (is_kept_by(i) || !stores_of(at + i.length, i.to).empty()) return true;
      return may_pass(at, i, {i.memory.offset});
    }
    if (const offsets* const what = reloaded(i))
      return (callee_saved & only(i.to)) != 0 || may_pass(at, i, *what);
    constexpr auto frame = static_cast<reg_set>(only(rsp) | only(rbp));
    if ((i.uses & frame) != 0 || (i.to == rbp && i.kind != form::pop)) return false;
    const auto known = kept_.find(at);
    const reg_set kept = known == kept_.end() ? reg_set{0} : known->second;
    if (((i.uses | i.addressing) & kept) == 0) return true;
    if ((i.addressing & kept) != 0) return false;
    if (is_store(i) || copies(i, kept)) return true;
    return i.kind == form::move && i.from != operand::none && may_pass(at, i, addresses_[i.from]);
  }

  // It saves what the caller holds there, before it holds an address.
  bool is_saved_first(const std::byte* push, std::uint8_t r) const {
    for (const std::byte* at = f_.where.begin; at < push;) {
      const instruction& i = instruction_at(at);
      if ((i.sets & only(r)) != 0) return false;
      at += i.length;
    }
    return true;
  }

  // The instruction leaves one of these addresses in a register.
  bool may_pass(const std::byte* at, const instruction& i, const offsets& what) {
    return (i.to == rdi || i.to == rsi) && reaches_call(at + i.length, i.to, what);
  }
  bool reaches_call(const std::byte* at, std::uint8_t r, const offsets& what) {
    for (;;) {
      const auto c = f_.code.find(at);
      if (c == f_.code.end()) return false;
      const instruction& i = c->second;
      if (i.kind == form::call) break;
      if (!goes_on(i) || ((i.uses | i.addressing) & only(r)) != 0) return false;
      if ((i.sets & only(r)) != 0) return true;
      at += i.length;
    }
    const auto known = f_.calls.find(at);
    const called to = known == f_.calls.end() ? called{} : known->second;
    if (r == rdi) return to.what == callee::takes_address;
    if (to.what != callee::compares) return false;
    auto& read = f_.read_by_calls[at];
    for (const std::int32_t first : what) read.push_back({first, to.bytes});
    return true;
  }

  function& f_;
  const std::byte* end_;
  std::unordered_map<const std::byte*, reg_set> kept_;  // Registers with addresses.
  std::array<offsets, 16> addresses_;                   // That they may hold, somewhere.
  std::map<std::int32_t, offsets> slots_;               // What slots may hold, somewhere.
};

}  // namespace

bool keeps_addresses(function& f, const std::byte* prologue_end) {
  return address_search(f, prologue_end).run();
}

}  // namespace pawl::check::engine::machine

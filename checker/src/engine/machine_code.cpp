#include "machine_code.hpp"

#include <Zydis/Zydis.h>

#include <array>
#include <span>
#include <utility>

namespace pawl::check::engine::machine {
namespace {

// ---- what the decoder gives ---------------------------------------------------------------------

constexpr auto mode = ZYDIS_MACHINE_MODE_LONG_64;

const ZydisDecoder& decoder() {
  static const ZydisDecoder made = [] {
    ZydisDecoder d;
    ZydisDecoderInit(&d, mode, ZYDIS_STACK_WIDTH_64);
    return d;
  }();
  return made;
}

template <class Enum, class... More>
bool is_one_of(Enum e, More... these) {
  return ((e == these) || ...);
}

// With the bit that makes r8 of rax, what the decoder takes for pause is xchg.
bool does_nothing(const ZydisDecodedInstruction& i) {
  return is_one_of(i.mnemonic, ZYDIS_MNEMONIC_NOP, ZYDIS_MNEMONIC_ENDBR64, ZYDIS_MNEMONIC_PAUSE,
                   ZYDIS_MNEMONIC_LFENCE, ZYDIS_MNEMONIC_MFENCE, ZYDIS_MNEMONIC_SFENCE) &&
         i.raw.rex.B == 0;
}

// Operands tell all that these do to general registers and to memory, with two exceptions.
bool is_told_by_operands(const ZydisDecodedInstruction& i) {
  return is_one_of(i.encoding, ZYDIS_INSTRUCTION_ENCODING_LEGACY, ZYDIS_INSTRUCTION_ENCODING_VEX) &&
         (i.mnemonic == ZYDIS_MNEMONIC_LEA ||
          is_one_of(i.meta.category, ZYDIS_CATEGORY_BINARY, ZYDIS_CATEGORY_BITBYTE,
                    ZYDIS_CATEGORY_BMI1, ZYDIS_CATEGORY_BMI2, ZYDIS_CATEGORY_CMOV,
                    ZYDIS_CATEGORY_CONVERT, ZYDIS_CATEGORY_DATAXFER, ZYDIS_CATEGORY_LOGICAL,
                    ZYDIS_CATEGORY_LZCNT, ZYDIS_CATEGORY_PREFETCH, ZYDIS_CATEGORY_ROTATE,
                    ZYDIS_CATEGORY_SEMAPHORE, ZYDIS_CATEGORY_SETCC, ZYDIS_CATEGORY_SHIFT,
                    ZYDIS_CATEGORY_STRINGOP, ZYDIS_CATEGORY_AVX, ZYDIS_CATEGORY_AVX2,
                    ZYDIS_CATEGORY_BROADCAST, ZYDIS_CATEGORY_FCMOV, ZYDIS_CATEGORY_LOGICAL_FP,
                    ZYDIS_CATEGORY_SSE, ZYDIS_CATEGORY_VFMA, ZYDIS_CATEGORY_X87_ALU));
}

// They write what a mask in a register selects, but the operand says: all.
bool writes_by_mask(const ZydisDecodedInstruction& i) {
  return is_one_of(i.mnemonic, ZYDIS_MNEMONIC_MASKMOVDQU, ZYDIS_MNEMONIC_MASKMOVQ,
                   ZYDIS_MNEMONIC_VMASKMOVDQU, ZYDIS_MNEMONIC_VMASKMOVPD, ZYDIS_MNEMONIC_VMASKMOVPS,
                   ZYDIS_MNEMONIC_VPMASKMOVD, ZYDIS_MNEMONIC_VPMASKMOVQ);
}

// If they find no bit, they leave the register as it was, but the operand says: written. Old
// processors take tzcnt for bsf.
bool may_find_nothing(const ZydisDecodedInstruction& i) {
  return is_one_of(i.mnemonic, ZYDIS_MNEMONIC_BSF, ZYDIS_MNEMONIC_BSR, ZYDIS_MNEMONIC_TZCNT);
}

// The number of the general register that it is, or a part of.
std::uint8_t number_of(ZydisRegister r) {
  const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(mode, r);
  return ZydisRegisterGetClass(whole) == ZYDIS_REGCLASS_GPR64
             ? static_cast<std::uint8_t>(ZydisRegisterGetId(whole))
             : operand::none;
}

bool is_memory(const ZydisDecodedOperand& o) { return o.type == ZYDIS_OPERAND_TYPE_MEMORY; }
bool is_constant(const ZydisDecodedOperand& o) { return o.type == ZYDIS_OPERAND_TYPE_IMMEDIATE; }
bool is_register(const ZydisDecodedOperand& o) { return o.type == ZYDIS_OPERAND_TYPE_REGISTER; }

bool is_of_8_bytes(const ZydisDecodedOperand& o) {
  return is_register(o) && ZydisRegisterGetClass(o.reg.value) == ZYDIS_REGCLASS_GPR64;
}
// What is written to 4 bytes of a register clears the others; with less they stay.
bool is_all_of_one(const ZydisDecodedOperand& o) {
  return is_register(o) &&
         is_one_of(ZydisRegisterGetClass(o.reg.value), ZYDIS_REGCLASS_GPR32, ZYDIS_REGCLASS_GPR64);
}

bool reads(const ZydisDecodedOperand& o) {
  return (o.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
}
bool writes(const ZydisDecodedOperand& o) { return (o.actions & ZYDIS_OPERAND_ACTION_WRITE) != 0; }
bool may_write(const ZydisDecodedOperand& o) {
  return (o.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
}

// ---- what is made of it -------------------------------------------------------------------------

class translation {
 public:
  explicit translation(const std::byte* code) : code_(code) {}

  instruction make() {
    if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder(), code_, ZYDIS_MAX_INSTRUCTION_LENGTH, &in_,
                                           operands_.data())))
      return {};
    out_.length = in_.length;
    return translate() ? out_ : instruction();
  }

 private:
  using operand_list = std::span<const ZydisDecodedOperand>;
  // The others: the stack and its pointer, flags and what else is in no need of being named.
  [[nodiscard]] operand_list visible() const {
    return operand_list(operands_).first(in_.operand_count_visible);
  }
  [[nodiscard]] operand_list all() const {
    return operand_list(operands_).first(in_.operand_count);
  }

  bool is(form kind) {
    out_.kind = kind;
    return true;
  }

  // False: it is none of the known forms.
  bool translate() {
    if (does_nothing(in_)) return is(form::other);
    switch (in_.meta.category) {
      case ZYDIS_CATEGORY_CALL:
        return in_.meta.branch_type == ZYDIS_BRANCH_TYPE_NEAR && call();
      case ZYDIS_CATEGORY_UNCOND_BR:
        return jump(form::jump);
      case ZYDIS_CATEGORY_COND_BR:
        return in_.mnemonic != ZYDIS_MNEMONIC_XBEGIN && jump(form::branch) && note(all());
      default:
        break;
    }
    switch (in_.mnemonic) {
      case ZYDIS_MNEMONIC_RET:
        return in_.meta.branch_type == ZYDIS_BRANCH_TYPE_NEAR && visible().empty() && is(form::ret);
      case ZYDIS_MNEMONIC_PUSH:
        return push();
      case ZYDIS_MNEMONIC_POP:
        return pop();
      case ZYDIS_MNEMONIC_LEAVE:
        return is(form::leave);
      default:
        return adjust() || (is_told_by_operands(in_) && plain());
    }
  }

  [[nodiscard]] const std::byte* absolute(const ZydisDecodedOperand& o) const {
    ZyanU64 address = 0;
    ZydisCalcAbsoluteAddress(&in_, &o, reinterpret_cast<ZyanU64>(code_), &address);
    return reinterpret_cast<const std::byte*>(address);
  }

  bool jump(form kind) {
    if (!is_constant(first_) || !first_.imm.is_relative) return false;
    out_.target = absolute(first_);
    return is(kind);
  }
  bool call() {
    if (is_constant(first_)) return jump(form::call);
    if (is_memory(first_) && first_.mem.base == ZYDIS_REGISTER_RIP) out_.cell = absolute(first_);
    return note(visible()) && is(form::call);
  }
  bool push() {
    if (!is_of_8_bytes(first_)) return false;
    out_.from = number_of(first_.reg.value);
    return note(visible()) && is(form::push);
  }
  bool pop() {
    if (!is_of_8_bytes(first_)) return false;
    out_.to = number_of(first_.reg.value);
    return note(visible()) && is(form::pop);
  }
  bool adjust() {
    if (!is_register(first_) || first_.reg.value != ZYDIS_REGISTER_RSP || !is_constant(second_))
      return false;
    if (!is_one_of(in_.mnemonic, ZYDIS_MNEMONIC_ADD, ZYDIS_MNEMONIC_SUB)) return false;
    const auto n = static_cast<std::int32_t>(second_.imm.value.s);
    out_.constant = in_.mnemonic == ZYDIS_MNEMONIC_ADD ? n : -n;
    return is(form::adjust);
  }
  bool plain() {
    const bool is_part_of_address = in_.mnemonic == ZYDIS_MNEMONIC_LEA && !is_all_of_one(first_);
    const bool is_bit_anywhere =
        in_.meta.category == ZYDIS_CATEGORY_BITBYTE && is_memory(first_) && is_register(second_);
    if (is_part_of_address || is_bit_anywhere || writes_by_mask(in_) || !note(all())) return false;
    is(form::other);
    if (is_zeroing()) out_.uses = 0;
    if (is_move()) {
      out_.kind = form::move;
      out_.to = number_of(first_.reg.value);
      if (is_register(second_)) out_.from = number_of(second_.reg.value);
    }
    constexpr auto frame = static_cast<reg_set>(only(rsp) | only(rbp));
    return (written_ & frame) == 0 || is_move_of_frame();
  }

  [[nodiscard]] bool is_move() const {
    if (!is_all_of_one(first_)) return false;
    if (in_.mnemonic == ZYDIS_MNEMONIC_MOV) return is_memory(second_) || is_all_of_one(second_);
    return is_one_of(in_.mnemonic, ZYDIS_MNEMONIC_LEA, ZYDIS_MNEMONIC_MOVSX, ZYDIS_MNEMONIC_MOVSXD,
                     ZYDIS_MNEMONIC_MOVZX) &&
           is_memory(second_);
  }
  [[nodiscard]] bool is_move_of_frame() const {
    return out_.kind == form::move && is_of_8_bytes(first_) &&
           (out_.memory.is_address || is_of_8_bytes(second_));
  }
  [[nodiscard]] bool is_zeroing() const {
    return is_one_of(in_.mnemonic, ZYDIS_MNEMONIC_XOR, ZYDIS_MNEMONIC_SUB) &&
           is_all_of_one(first_) && is_register(second_) && first_.reg.value == second_.reg.value;
  }

  bool note(operand_list these) {
    for (const ZydisDecodedOperand& o : these) {
      if (is_register(o)) note_register(o);
      if (is_memory(o) && !note_memory(o)) return false;
    }
    return true;
  }
  void note_register(const ZydisDecodedOperand& o) {
    const std::uint8_t r = number_of(o.reg.value);
    if (r == operand::none) return;
    const bool sets = writes(o) && is_all_of_one(o) && !may_find_nothing(in_);
    if (sets) out_.sets |= only(r);
    if (may_write(o)) written_ |= only(r);
    if (reads(o) || (may_write(o) && !sets)) out_.uses |= only(r);
  }
  bool note_memory(const ZydisDecodedOperand& o) {
    constexpr unsigned most_bits = 64 * 8;  // Of a vector; a processor's state is larger.
    const bool is_address = o.mem.type == ZYDIS_MEMOP_TYPE_AGEN;
    if (in_.address_width != 64 || !std::in_range<std::int32_t>(o.mem.disp.value)) return false;
    const std::uint8_t base = number_of(o.mem.base), index = number_of(o.mem.index);
    for (const std::uint8_t r : {base, index})
      if (r != operand::none) out_.addressing |= only(r);
    const bool is_thread_local =
        o.mem.segment == ZYDIS_REGISTER_FS || o.mem.segment == ZYDIS_REGISTER_GS;
    if (!is_address && (is_thread_local || in_.meta.category == ZYDIS_CATEGORY_STRINGOP))
      return true;
    if (out_.memory.is_used || o.size == 0 || o.size > most_bits) return false;
    out_.memory = {.is_used = true,
                   .is_read = reads(o),
                   .is_written = writes(o),
                   .is_address = is_address,
                   .base = base,
                   .index = index,
                   .offset = static_cast<std::int32_t>(o.mem.disp.value),
                   .size = static_cast<std::uint8_t>(o.size / 8)};
    return true;
  }

  const std::byte* code_;
  ZydisDecodedInstruction in_{};
  std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands_{};
  const ZydisDecodedOperand &first_ = operands_[0], &second_ = operands_[1];
  instruction out_;
  reg_set written_ = 0;  // Also in part, or perhaps.
};

}  // namespace

instruction decode(const std::byte* code) { return translation(code).make(); }

}  // namespace pawl::check::engine::machine

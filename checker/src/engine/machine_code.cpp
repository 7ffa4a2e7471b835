#include "machine_code.hpp"

#include <cstring>

namespace pawl::check::engine::machine {
namespace {

/// One that is being read.
class reader {
 public:
  explicit reader(const std::byte* code) : begin_(code), at_(code) {}

  instruction read() {
    read_prefixes();
    const unsigned op = byte();
    const bool known = op == 0x0f ? two_bytes(byte()) : one_byte(op);
    if (!known || prefix_ == 0x67) return {};
    i_.length = static_cast<std::uint8_t>(at_ - begin_);
    if (relative_) i_.target = at_ + i_.constant;
    if (is_beside_code_ && i_.kind == form::call) i_.cell = at_ + i_.memory.offset;
    return i_;
  }

 private:
  template <class T>
  T take() {
    T v;
    std::memcpy(&v, at_, sizeof v);
    at_ += sizeof v;
    return v;
  }
  unsigned byte() { return take<std::uint8_t>(); }

  void read_prefixes() {
    for (;; ++at_) {
      const unsigned b = std::to_integer<unsigned>(*at_);
      if (b == 0x66) {
        is_short_ = true;
      } else if (b == 0xf2 || b == 0xf3) {
        repeat_ = b;
      } else if (b == 0x67) {
        prefix_ = b;
      } else if (b != 0xf0 && b != 0x2e && b != 0x3e && b != 0x64 && b != 0x65) {
        break;
      } else if (b >= 0x64 && b != 0xf0) {
        is_thread_local_ = true;
      }
    }
    if ((std::to_integer<unsigned>(*at_) & 0xf0) == 0x40) rex_ = byte();
  }

  [[nodiscard]] bool is_wide() const { return (rex_ & 8) != 0; }
  [[nodiscard]] std::uint8_t width() const { return is_wide() ? 8 : is_short_ ? 2 : 4; }
  [[nodiscard]] bool is_full() const { return width() >= 4; }

  // An address that begins with fs or gs is that of no stack.
  void read_operands(std::uint8_t size) {
    const unsigned m = byte();
    mod_ = m >> 6;
    r_ = static_cast<std::uint8_t>((m >> 3 & 7) | (rex_ & 4) << 1);
    unsigned rm = m & 7;
    if (mod_ == 3) {
      rm_ = static_cast<std::uint8_t>(rm | (rex_ & 1) << 3);
      return;
    }
    operand& o = i_.memory;
    o.is_used = true;
    o.size = size;
    bool has_base = true;
    if (rm == 4) {
      const unsigned sib = byte();
      rm = sib & 7;
      const unsigned index = (sib >> 3 & 7) | (rex_ & 2) << 2;
      if (index != rsp) o.index = static_cast<std::uint8_t>(index);
      has_base = rm != 5 || mod_ != 0;
      if (!has_base) o.offset = take<std::int32_t>();
    } else if (rm == 5 && mod_ == 0) {
      has_base = false;
      is_beside_code_ = true;
      o.offset = take<std::int32_t>();
    }
    if (has_base) o.base = static_cast<std::uint8_t>(rm | (rex_ & 1) << 3);
    if (mod_ == 1) o.offset = take<std::int8_t>();  // NOLINT(bugprone-signed-char-misuse)
    if (mod_ == 2) o.offset = take<std::int32_t>();
    if (o.base != operand::none) i_.addressing |= only(o.base);
    if (o.index != operand::none) i_.addressing |= only(o.index);
    if (is_thread_local_) o.is_used = false;
  }
  [[nodiscard]] bool in_register() const { return mod_ == 3; }

  bool is(form kind) {
    i_.kind = kind;
    return true;
  }
  // Bytes: without REX, 4 … 7 are parts of the first four.
  [[nodiscard]] reg_set named(std::uint8_t r, std::uint8_t size) const {
    return size == 1 && rex_ == 0 && r >= 4 ? only(r - 4u) | only(r) : only(r);
  }
  // What an operand in a register or in memory holds is read, or both.
  bool operate(std::uint8_t size, bool reads, bool writes) {
    if (in_register()) {
      i_.uses |= named(rm_, size);
      if (rm_ == rsp && writes) return false;
    } else {
      i_.memory.is_read = reads;
      i_.memory.is_written = writes;
    }
    return is(form::other);
  }
  bool use_r(std::uint8_t size) {
    i_.uses |= named(r_, size);
    return is(form::other);
  }
  void immediate(std::uint8_t size) {
    i_.constant = size == 1   ? take<std::int8_t>()
                  : size == 2 ? take<std::int16_t>()
                              : take<std::int32_t>();
  }
  bool set(std::uint8_t r) {
    i_.sets = only(r);
    return r == rsp || r == rbp ? false : is(form::other);
  }
  bool jump(form kind, bool is_near) {
    immediate(is_near ? 1 : 4);
    relative_ = true;
    return is(kind);
  }

  // add, or, adc, sbb, and, sub, xor, cmp
  bool arithmetic(unsigned op) {
    const unsigned which = op >> 3 & 7, shape = op & 7;
    const bool writes = which != 7;
    const std::uint8_t size = shape == 0 || shape == 2 || shape == 4 ? 1 : width();
    if (shape >= 4) {
      i_.uses = only(rax);
      immediate(size);
      return is(form::other);
    }
    read_operands(size);
    if ((which == 5 || which == 6) && in_register() && rm_ == r_ && size >= 4) return set(r_);
    if (shape >= 2) return use_r(size) && (r_ != rsp || !writes) && operate(size, true, false);
    return use_r(size) && operate(size, true, writes);
  }

  // The same with a constant.
  bool arithmetic_constant(unsigned op) {
    const std::uint8_t size = op == 0x80 ? 1 : width();
    read_operands(size);
    immediate(op == 0x81 ? size : 1);
    const unsigned which = r_ & 7;
    if (in_register() && rm_ == rsp && size == 8 && (which == 0 || which == 5)) {
      if (which == 5) i_.constant = -i_.constant;
      return is(form::adjust);
    }
    return operate(size, true, which != 7);
  }

  bool move(unsigned op) {
    const std::uint8_t size = op == 0x88 || op == 0x8a ? 1 : width();
    read_operands(size);
    const bool to_r = op == 0x8a || op == 0x8b;
    if (in_register()) {
      const std::uint8_t to = to_r ? r_ : rm_, from = to_r ? rm_ : r_;
      i_.uses |= named(from, size);
      if (size < 4) {
        i_.uses |= named(to, size);
        return is(form::other);
      }
      i_.to = to;
      i_.from = from;
      i_.sets = only(to);
      if (size == 4 && (to == rsp || to == rbp)) return false;
      return is(form::move);
    }
    if (!to_r) {
      i_.uses |= named(r_, size);
      i_.memory.is_written = true;
      return is(form::other);
    }
    return load(size, size >= 4);
  }
  // Into r_, from memory.
  bool load(std::uint8_t size, bool all) {
    i_.memory.is_read = true;
    if (r_ == rsp || r_ == rbp) return false;
    if (!all) {
      i_.uses |= named(r_, size);
      return is(form::other);
    }
    i_.to = r_;
    i_.sets = only(r_);
    return is(form::move);
  }

  bool address() {
    read_operands(0);
    if (in_register() || !is_full()) return false;
    i_.memory.is_address = true;
    i_.to = r_;
    i_.sets = only(r_);
    return is(form::move);
  }

  // movzx, movsx, movsxd
  bool extend(std::uint8_t size) {
    read_operands(size);
    if (!in_register()) return load(size, is_full());
    i_.uses |= named(rm_, size);
    if (!is_full()) i_.uses |= only(r_);
    if (is_full()) i_.sets = only(r_);
    return r_ != rsp && r_ != rbp && is(form::other);
  }

  bool group_f6(unsigned op) {
    const std::uint8_t size = op == 0xf6 ? 1 : width();
    read_operands(size);
    const unsigned which = r_ & 7;
    if (which < 2) immediate(size);
    if (which >= 4) i_.uses |= only(rax) | only(rdx);
    return operate(size, true, which == 2 || which == 3);
  }
  bool group_ff(unsigned op) {
    const std::uint8_t size = op == 0xfe ? 1 : width();
    read_operands(size);
    switch (r_ & 7) {
      case 0:
      case 1:
        return operate(size, true, true);
      case 2:
        if (op == 0xfe) return false;
        i_.memory.size = 8;
        return operate(8, true, false) && is(form::call);
      default:
        return false;
    }
  }

  bool one_byte(unsigned op) {
    if (op < 0x40 && (op & 7) < 6) return arithmetic(op);
    const auto low = static_cast<std::uint8_t>((op & 7) | (rex_ & 1) << 3);
    switch (op & 0xf8) {
      case 0x50:
        i_.from = low;
        i_.uses = only(low);
        return !is_short_ && is(form::push);
      case 0x58:
        i_.to = low;
        i_.sets = only(low);
        return !is_short_ && is(form::pop);
      case 0x70:
      case 0x78:
        return jump(form::branch, true);
      case 0xb0:
        byte();
        i_.uses = named(low, 1);
        return is(form::other);
      case 0xb8:
        at_ += width();
        if (!is_full()) i_.uses = only(low);
        return is_full() ? set(low) : is(form::other);
      default:
        break;
    }
    switch (op) {
      case 0x63:
        return extend(4);
      case 0x69:
      case 0x6b:
        read_operands(width());
        immediate(op == 0x6b ? 1 : width());
        i_.uses |= in_register() ? only(rm_) | only(r_) : only(r_);
        i_.memory.is_read = i_.memory.is_used;
        return r_ != rsp && is(form::other);
      case 0x80:
      case 0x81:
      case 0x83:
        return arithmetic_constant(op);
      case 0x84:
      case 0x85:
        read_operands(op == 0x84 ? 1 : width());
        return use_r(op == 0x84 ? 1 : width()) && operate(op == 0x84 ? 1 : width(), true, false);
      case 0x86:
      case 0x87:
        read_operands(op == 0x86 ? 1 : width());
        return r_ != rsp && use_r(op == 0x86 ? 1 : width()) &&
               operate(op == 0x86 ? 1 : width(), true, true);
      case 0x88:
      case 0x89:
      case 0x8a:
      case 0x8b:
        return move(op);
      case 0x8d:
        return address();
      case 0x90:
        return (rex_ & 1) == 0 && is(form::other);
      case 0x98:
      case 0x99:
        i_.uses = only(rax) | only(rdx);
        return is(form::other);
      case 0xa8:
      case 0xa9:
        i_.uses = only(rax);
        immediate(op == 0xa8 ? 1 : width());
        return is(form::other);
      case 0xc0:
      case 0xc1:
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3: {
        const std::uint8_t size = (op & 1) == 0 ? 1 : width();
        read_operands(size);
        if (op < 0xd0) byte();
        i_.uses |= only(rcx);
        return operate(size, true, true);
      }
      case 0xc3:
        return is(form::ret);
      case 0xc6:
      case 0xc7: {
        const std::uint8_t size = op == 0xc6 ? 1 : width();
        read_operands(size);
        immediate(size);
        if ((r_ & 7) != 0) return false;
        if (in_register()) return size >= 4 ? set(rm_) : operate(size, false, true);
        i_.memory.is_written = true;
        return is(form::other);
      }
      case 0xc9:
        return is(form::leave);
      case 0xe8:
        return jump(form::call, false);
      case 0xe9:
        return jump(form::jump, false);
      case 0xeb:
        return jump(form::jump, true);
      case 0xf6:
      case 0xf7:
        return group_f6(op);
      case 0xfe:
      case 0xff:
        return group_ff(op);
      default:
        return false;
    }
  }

  // Of the vector registers nothing is told: nobody keeps any across a call.
  bool vectors(unsigned op, bool writes) {
    read_operands(0);
    if (op == 0x70 || op == 0xc6) byte();
    if (op == 0x2c || op == 0x2d) i_.uses |= only(r_);
    if (in_register()) {
      if (op == 0x2a || op == 0x6e || op == 0x7e) i_.uses |= only(rm_);
    } else {
      i_.memory.is_read = !writes;
      i_.memory.is_written = writes;
    }
    return is(form::other);
  }

  bool two_bytes(unsigned op) {
    if (op >= 0x40 && op < 0x50) {
      read_operands(width());
      return r_ != rsp && use_r(width()) && operate(width(), true, false);
    }
    if (op >= 0x80 && op < 0x90) return jump(form::branch, false);
    if (op >= 0x90 && op < 0xa0) {
      read_operands(1);
      return operate(1, false, true);
    }
    switch (op) {
      case 0x1e:
      case 0x1f:
        read_operands(0);
        i_ = {};
        return is(form::other);
      case 0x10:
      case 0x12:
      case 0x14:
      case 0x15:
      case 0x16:
      case 0x28:
      case 0x2a:
      case 0x2c:
      case 0x2d:
      case 0x2e:
      case 0x2f:
      case 0x51:
      case 0x54:
      case 0x55:
      case 0x56:
      case 0x57:
      case 0x58:
      case 0x59:
      case 0x5a:
      case 0x5b:
      case 0x5c:
      case 0x5d:
      case 0x5e:
      case 0x5f:
      case 0x60:
      case 0x61:
      case 0x62:
      case 0x6c:
      case 0x6d:
      case 0x6e:
      case 0x6f:
      case 0x70:
      case 0xc6:
      case 0xd4:
      case 0xd6:
      case 0xeb:
      case 0xef:
      case 0xfa:
      case 0xfb:
      case 0xfe:
        return vectors(op, op == 0xd6);
      case 0x11:
      case 0x13:
      case 0x17:
      case 0x29:
      case 0x2b:
      case 0x7f:
      case 0xe7:
        return vectors(op, true);
      case 0x7e:
        return vectors(op, repeat_ != 0xf3);
      case 0xaf:
        read_operands(width());
        return r_ != rsp && use_r(width()) && operate(width(), true, false);
      case 0xb6:
      case 0xbe:
        return extend(1);
      case 0xb7:
      case 0xbf:
        return extend(2);
      case 0xbc:
      case 0xbd:
        read_operands(width());
        return r_ != rsp && use_r(width()) && operate(width(), true, false);
      default:
        return false;
    }
  }

  const std::byte *begin_, *at_;
  instruction i_;
  bool is_short_ = false, is_thread_local_ = false, relative_ = false, is_beside_code_ = false;
  unsigned repeat_ = 0, prefix_ = 0, rex_ = 0, mod_ = 0;
  std::uint8_t r_ = 0, rm_ = 0;
};

}  // namespace

instruction decode(const std::byte* code) { return reader(code).read(); }

}  // namespace pawl::check::engine::machine

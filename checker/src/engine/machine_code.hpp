// Instructions of x86-64, as far as it takes to tell which registers and stack slots they use.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pawl::check::engine::machine {

/// By their numbers in instructions.
enum reg : std::uint8_t {
  rax,
  rcx,
  rdx,
  rbx,
  rsp,
  rbp,
  rsi,
  rdi,
  r8,
  r9,
  r10,
  r11,
  r12,
  r13,
  r14,
  r15
};
using reg_set = std::uint16_t;
[[nodiscard]] constexpr reg_set only(unsigned r) { return static_cast<reg_set>(1u << r); }

inline constexpr reg_set callee_saved =
    only(rbx) | only(rbp) | only(r12) | only(r13) | only(r14) | only(r15);

enum class form : std::uint8_t {
  unknown,  ///< One that is not described here, or not entirely.
  other,    ///< What the rest of `instruction` says.
  move,     ///< `to` = `from`, or what an address holds, or `to` = an address (lea), all of it.
  push,
  pop,     ///< Of `from`, of `to`.
  adjust,  ///< The stack pointer, by `constant`.
  leave,
  call,  ///< `target` is null if a register or memory holds it.
  jump,
  branch,
  ret,
};

struct operand {
  static constexpr std::uint8_t none = 0xff;
  bool is_used = false;
  bool is_read = false;     ///< At least in part, or perhaps.
  bool is_written = false;  ///< All of it.
  bool is_address = false;  ///< It is only formed: lea.
  std::uint8_t base = none, index = none;
  std::int32_t offset = 0;
  std::uint8_t size = 0;  ///< Bytes.
};

struct instruction {
  form kind = form::unknown;
  std::uint8_t length = 0;
  std::uint8_t to = operand::none, from = operand::none;
  reg_set uses = 0;        ///< Their values, or they keep a part of what they held.
  reg_set addressing = 0;  ///< To make an operand's address.
  reg_set sets = 0;        ///< Entirely, whatever they held.
  operand memory;          ///< Not of string instructions, which say by `addressing` what they use.
  std::int32_t constant = 0;
  const std::byte* target = nullptr;
  const std::byte* cell = nullptr;  ///< Of a call: where it finds its target, if that is fixed.
};

[[nodiscard]] instruction decode(const std::byte* code);

}  // namespace pawl::check::engine::machine

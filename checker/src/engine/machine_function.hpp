// Functions of the running program, as their machine code shows them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <vector>

#include "machine_code.hpp"

namespace pawl::check::engine::machine {

template <class T>
T read(const std::byte* p) {
  T v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

/// What decode(code) returns, asked for once.
[[nodiscard]] const instruction& instruction_at(const std::byte* code);

/// Where a function lies, or a part of it.
struct extent {
  const std::byte *begin = nullptr, *end = nullptr;
  [[nodiscard]] bool contains(const std::byte* code) const { return code >= begin && code < end; }
};

/// What is known of a called function.
enum class callee : std::uint8_t {
  any,
  takes_address,
  compares,  ///< With so many bytes at an address.
  never_returns,
  returns_again
};
struct called {
  callee what = callee::any;
  std::uint8_t bytes = 0;
};

/// Bytes of a frame, from its frame pointer.
struct frame_bytes {
  std::int32_t first, size;
};

struct successors {
  const std::byte *next = nullptr, *other = nullptr;
  bool are_known = true;
};

/// What is known of a function from all of its code.
struct function {
  extent where;
  std::vector<extent> parts;  ///< What lies apart.
  bool is_framed = false;     ///< It keeps its frame pointer, having begun with that.
  bool is_closed = false;     ///< Nobody else has an address in its frame.
  std::unordered_map<const std::byte*, instruction> code;
  std::unordered_map<const std::byte*, called> calls;
  /// What calls read of the frame.
  std::unordered_map<const std::byte*, std::vector<frame_bytes>> read_by_calls;

  [[nodiscard]] bool contains(const std::byte* at) const {
    return where.contains(at) ||
           std::any_of(parts.begin(), parts.end(), [=](extent e) { return e.contains(at); });
  }
  void add(const std::byte* at);
};

[[nodiscard]] successors after(const function&, const std::byte* at, const instruction&);

/// True unless what the call that returns to `code` has left in rax is overwritten before anybody
/// reads it, as far as that is understood.
[[nodiscard]] bool result_is_read(const std::byte* code);

/// Of the places that calls return to and from which the program goes on alike, whatever it holds,
/// the one that was asked for first: the same instructions up to where the ways meet.
[[nodiscard]] const std::byte* first_alike(const std::byte* code);

/// True of what neither calls nor branches.
[[nodiscard]] bool goes_on(const instruction&);
/// mov rbp, rsp
[[nodiscard]] bool makes_frame(const instruction&);
/// mov rsp, rbp; lea rsp, [rbp - 8]
[[nodiscard]] bool drops_locals(const instruction&);

/// Effects: notes what calls of the function, all of whose code is known, read of its frame.
/// Returns: whether addresses in the frame stay in it and in what is called with them.
[[nodiscard]] bool keeps_addresses(function&, const std::byte* prologue_end);

/// The function that a call returns to.
[[nodiscard]] const function& function_at(const std::byte* code);

}  // namespace pawl::check::engine::machine

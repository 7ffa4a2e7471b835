// What has to be given back: how the engine learns of it.
#pragma once

#include <cstdint>

namespace pawl::check::rt {

/// Ends the exploration with something that was never given back: a leak.
[[noreturn]] void leak(const char* what) noexcept;

/// Stands in each object that owns something which has to be given back, as a guard or a permit.
/// Leaked memory is searched for it, so that the report can say who took what.
struct ownership_mark {
  static constexpr std::uint64_t begun = 0x7061'776c'206f'776e;
  std::uint64_t sign = 0;  ///< `begun` from begin_ownership to end_ownership.
  const void* of = nullptr;
  std::uint32_t thread = 0, events = 0;  ///< Who began it, after so many of his events.
};
void begin_ownership(ownership_mark&, const void* of) noexcept;
void end_ownership(ownership_mark&) noexcept;
/// The second is what the first was, which ends.
void move_ownership(ownership_mark& from, ownership_mark& to) noexcept;

}  // namespace pawl::check::rt

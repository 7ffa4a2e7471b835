#pragma once
// Model backend: what was taken and never given back is a bug.

#include <pawl/backend/namespace.hpp>
#include <pawl/check/ownership.hpp>

#include <cstdint>

PAWL_BEGIN

namespace detail {

[[noreturn]] inline void report_leak(const char* what) noexcept { ::pawl::check::rt::leak(what); }

class ownership_mark {
 public:
  ownership_mark() noexcept = default;
  ownership_mark(const ownership_mark&) = delete;
  ownership_mark& operator=(const ownership_mark&) = delete;
  ~ownership_mark() { end(); }

  void begin(const void* of, std::uint64_t /*unit*/) noexcept {
    ::pawl::check::rt::begin_ownership(mark_, of);
  }
  void end() noexcept { ::pawl::check::rt::end_ownership(mark_); }
  void take(ownership_mark& other) noexcept {
    ::pawl::check::rt::move_ownership(other.mark_, mark_);
  }

 private:
  ::pawl::check::rt::ownership_mark mark_;
};

}  // namespace detail

PAWL_END

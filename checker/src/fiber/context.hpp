// Switching between fibers: Boost.Context, plus the per-thread exception state of the C++ runtime.
//
// A fiber that is never resumed again is simply dropped: its stack is reused without unwinding, and
// its heap is reclaimed with its arena.
#pragma once

#include <cxxabi.h>

#include <cstddef>

#include <boost/context/detail/fcontext.hpp>

namespace pawl::check::fiber {

/// Layout fixed by the Itanium C++ ABI, 2.2.2: what a thread is catching and how much is in flight.
struct exception_state {
  void* caught = nullptr;
  unsigned uncaught = 0;
};

/// The exception state of the running OS thread, at one address for its whole life.
inline exception_state& live_exceptions() {
  return *reinterpret_cast<exception_state*>(abi::__cxa_get_globals());
}

/// A suspended flow of control. The running one has none.
class context {
 public:
  /// Prepares `entry` to run on a stack that ends (exclusively) at `top` the first time it is
  /// resumed.
  void prepare(void* top, std::size_t size, void (*entry)()) {
    entry_ = entry;
    handle_ = boost::context::detail::make_fcontext(top, size, &start);
    exceptions_ = {};
  }

  /// Suspends the running flow in `*this` and resumes `to`. `live`: the exception state of the OS
  /// thread that runs both.
  void switch_to(context& to, exception_state& live) {
    exceptions_ = live;
    live = to.exceptions_;
    next_ = &to;
    const auto from = boost::context::detail::jump_fcontext(to.handle_, this);
    static_cast<context*>(from.data)->handle_ = from.fctx;
  }

  /// The stack of the suspended flow begins here, with its registers.
  [[nodiscard]] std::byte* stack_pointer() const { return static_cast<std::byte*>(handle_); }

 private:
  static void start(boost::context::detail::transfer_t from) {
    auto* const origin = static_cast<context*>(from.data);
    origin->handle_ = from.fctx;
    origin->next_->entry_();
  }

  boost::context::detail::fcontext_t handle_ = nullptr;
  context* next_ = nullptr;
  void (*entry_)() = nullptr;
  exception_state exceptions_;
};

}  // namespace pawl::check::fiber

// Switching between fibers: Boost.Context, plus the per-thread exception state of the C++ runtime.
//
// A fiber that is never resumed again is simply dropped: its stack is reused without unwinding, and
// its heap is reclaimed with its arena.
#pragma once

#include <cxxabi.h>
#include <boost/context/detail/fcontext.hpp>

namespace pawl::check::fiber {

/// Layout fixed by the Itanium C++ ABI, 2.2.2: what a thread is catching and how much is in flight.
struct exception_state {
  void* caught = nullptr;
  unsigned uncaught = 0;
};

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

  /// Suspends the running flow in `*this` and resumes `to`.
  void switch_to(context& to) {
    auto& live = *reinterpret_cast<exception_state*>(abi::__cxa_get_globals());
    exceptions_ = live;
    live = to.exceptions_;
    next_ = &to;
    const auto from = boost::context::detail::jump_fcontext(to.handle_, this);
    static_cast<context*>(from.data)->handle_ = from.fctx;
  }

  /// Of a suspended flow: all that lies above it on its stack is live.
  [[nodiscard]] const void* stack_pointer() const { return handle_; }

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

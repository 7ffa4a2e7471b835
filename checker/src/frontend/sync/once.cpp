#include <pawl/check/sync/once.hpp>

namespace pawl::check::sync {
namespace {

bool nobody_calls(const word*, word v) { return v == 0 || v == called; }
word call_unless_called(const word* mine, word v) { return v == called ? called : *mine; }

}  // namespace

// Acquire: what the function did, or what a call that failed has left, happens before what follows.
// Who finds it called leaves the word as it is, and is in nobody's way.
bool begin_call(rt::atomic_object& o, site at) {
  const rt::update begin{call_unless_called, {holder(rt::current_thread())}};
  return rt::await_change(o, {nobody_calls}, begin, std::memory_order_acquire, at) == 0;
}

// Release: for those who come later. Nobody else changes the word meanwhile.
void end_call(rt::atomic_object& o, bool returned, site at) {
  rt::store(o, returned ? called : 0, std::memory_order_release, at);
}

}  // namespace pawl::check::sync

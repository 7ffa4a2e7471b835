#include <pawl/check/sync/deadline.hpp>

#include <pawl/check/claims.hpp>

namespace pawl::check::sync {
namespace {

using rt::word;

rt::predicate negation_of(rt::predicate p) {
  return {[](const word* captured, word v) {
            return !reinterpret_cast<decltype(p.holds)>(captured[1])(captured, v);
          },
          {p.captured[0], reinterpret_cast<word>(p.holds)}};
}

}  // namespace

// Relaxed: that it had to wait tells the thread nothing of what others did before.
std::optional<word> update_until(rt::atomic_object& o, rt::predicate p, rt::update u,
                                 std::memory_order order, nanoseconds deadline, passing when,
                                 rt::site at) {
  word before = 0;
  if (rt::await_update_until(o, p, u, order, before, at)) return before;
  if (when == passing::while_waiting)
    rt::assume_value(o, negation_of(p), std::memory_order_relaxed, at);
  rt::advance(deadline);
  return std::nullopt;
}

}  // namespace pawl::check::sync

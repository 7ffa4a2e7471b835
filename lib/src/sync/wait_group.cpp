#include <pawl/backend/fault.hpp>
#include <pawl/sync/wait_group.hpp>

PAWL_BEGIN

void wait_group::add(count_t n) {
  // [gate.4] relaxed: as [sem.20].
  if (core_.try_alter([n](gate_word w) { return n <= max() - w.count(); },
                      [n](gate_word w) { return w.counted_up(n); }, memory_order_relaxed))
      [[likely]] {
    return;
  }
  const auto sum_of = [n](gate_word w) { return n > max() ? n : w.count() + n; };
  const gate_word before = core_.alter([n, sum_of](gate_word w) {
    if (sum_of(w) > max() && !fault::refused_but_added) return w;
    return w.counted_up(n);
  });
  const count_t sum = sum_of(before);
  if (sum > max()) detail::throw_too_many("wait_group::add", sum, max());
}

void wait_group::done(count_t n) {
  if (fault::done_silently) {
    core_.alter([n](gate_word w) { return w.counted_down(n); });
    return;
  }
  detail::count_down(core_, n, "wait_group::done");
}

PAWL_END

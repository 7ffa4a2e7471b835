#include <pawl/sync/wait_group.hpp>

PAWL_BEGIN

void wait_group::add(count_t n) {
  count_t sum = 0;
  core_.alter([n, &sum](gate_word before) {
    sum = n > max() ? n : before.count() + n;
    return sum > max() ? before : before.counted_up(n);
  });
  if (sum > max()) detail::throw_too_many("wait_group::add", sum, max());
}

void wait_group::done(count_t n) { detail::count_down(core_, n, "wait_group::done"); }

PAWL_END

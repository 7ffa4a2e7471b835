#include <pawl/sync/latch.hpp>

PAWL_BEGIN

void latch::count_down(count_t n) { detail::count_down(core_, n, "latch::count_down"); }

PAWL_END

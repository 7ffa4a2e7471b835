#include <pawl/backend/fault.hpp>
#include <pawl/sync/latch.hpp>

#include <algorithm>

PAWL_BEGIN

void latch::count_down(count_t n) {
  if (fault::several_count_as_one) n = std::min(n, count_t{1});
  if (fault::overcount_opens) n = std::min(n, remaining());
  if (fault::opened_early && n + 1 == remaining()) ++n;
  detail::count_down(core_, n, "latch::count_down");
}

PAWL_END

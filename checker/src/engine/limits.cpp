#include "limits.hpp"

#include <algorithm>

namespace pawl::check::engine {

bool limits::look(progress counted, std::uint64_t own, bool alone) {
  const std::uint64_t all = counted.complete + counted.blocked - former_executions_;
  if (options_.executions != 0 && all >= options_.executions && !is_drawn(options_.strategy))
    return false;
  const double now = seconds();
  counted.seconds = all_seconds();
  if (options_.seconds > 0 && now >= options_.seconds) return false;
  if (watch_ && now >= next_watch_) {
    next_watch_ = now + 0.1;
    if (!watch_(counted)) return false;
  }
  // Aim at one look in about 10 ms, and one at the limit.
  const double rate = static_cast<double>(own) / std::max(now, 1e-4);
  next_look_ = own + std::max<std::uint64_t>(1, static_cast<std::uint64_t>(rate * 0.01));
  if (options_.executions != 0 && alone)
    next_look_ = std::min(next_look_, own + options_.executions - all);
  return true;
}

}  // namespace pawl::check::engine

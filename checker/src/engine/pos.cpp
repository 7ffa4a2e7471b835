#include "pos.hpp"

namespace pawl::check::engine {
namespace {

bool may_write(const request& q) {
  return q.op == operation::store || q.op == operation::fetch || q.op == operation::await_update ||
         tries(q.op);
}

bool race(const request& a, const request& b) {
  return a.location != no_location && a.location == b.location && (may_write(a) || may_write(b));
}

}  // namespace

int pos_sampler::next(const std::vector<thread_index>& enabled) {
  const runtime& r = program();
  for (thread_index t = 0; t < r.thread_count(); ++t) {
    if (!stands(t)) continue;
    const auto index = static_cast<std::uint16_t>(r.thread(t).executed + 1);
    if (pending_[t].index != index) pending_[t] = {index, draw_word()};
  }
  thread_index first = enabled.front();
  for (const thread_index t : enabled)
    if (pending_[t].priority > pending_[first].priority) first = t;
  for (thread_index t = 0; t < r.thread_count(); ++t)
    if (t != first && stands(t) && race(*r.thread(t).pending, *r.thread(first).pending))
      pending_[t].priority = draw_word();
  return first;
}

std::size_t pos_sampler::select(event_id, const std::vector<alternative>& all,
                                const std::function<bool(std::size_t)>& allowed) {
  return interleaves() ? 0 : draw(0, all, allowed);
}

}  // namespace pawl::check::engine

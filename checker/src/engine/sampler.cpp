#include "sampler.hpp"

#include <numeric>

#include "guided.hpp"
#include "hash.hpp"
#include "pct.hpp"
#include "pos.hpp"
#include "random.hpp"

namespace pawl::check::engine {

// What the program does follows from what its loads read, the order of stores, and its choices.
std::uint64_t hash_of(const graph& g) {
  std::uint64_t hash = 0;
  for (thread_index t = 0; t < g.thread_count(); ++t) {
    if (g.size(t) == 0) continue;
    std::uint64_t own = 0;
    for (std::uint16_t i = 1; i <= g.size(t); ++i) {
      const event& e = g.at({t, i});
      const std::uint64_t source = e.reads ? number_of(e.source) * 2 + e.spurious : 0;
      const std::uint64_t place = e.writes ? number_of(e.mo_before) : 0;
      own = mix(own, source << 32 | place);
      if (e.op == operation::choose) own = mix(own, e.read);
    }
    hash = mix(mix(mix(hash, t), g.size(t)), own);
  }
  return hash;
}

std::size_t sampler::draw(std::size_t first, const std::vector<alternative>& all,
                          const std::function<bool(std::size_t)>& allowed) {
  order_.resize(all.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  for (std::size_t n = all.size(); n > first; --n) {
    std::swap(order_[n - 1], order_[first + below(n - first)]);
    if (allowed(order_[n - 1])) return order_[n - 1];
  }
  return 0;
}

std::unique_ptr<sampler> make_sampler(const runtime& r) {
  switch (r.asked().strategy) {
    case strategy::pct:
      return std::make_unique<pct_sampler>(r);
    case strategy::pos:
      return std::make_unique<pos_sampler>(r);
    case strategy::guided:
      return std::make_unique<guided_sampler>(r);
    case strategy::random:
    case strategy::exhaustive:
    case strategy::states:
      break;
  }
  return std::make_unique<random_sampler>(r);
}

void distinct_graphs::note(std::uint64_t hash) {
  if (hashes_.size() < report::most_distinct) hashes_.insert(hash);
}

}  // namespace pawl::check::engine

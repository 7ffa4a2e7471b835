#include "sampler.hpp"

#include <numeric>

#include "guided.hpp"
#include "pct.hpp"
#include "pos.hpp"
#include "random.hpp"

namespace pawl::check::engine {
namespace {

// Mixes a word into a hash, by the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  std::uint64_t z = (hash ^ word) + 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::uint64_t key(event_id e) { return std::uint64_t{e.thread} << 16 | e.index; }

// What the program does follows from what its loads read, the order of stores, and its choices.
std::uint64_t hash_of(const graph& g) {
  std::uint64_t hash = 0;
  for (thread_index t = 0; t < g.thread_count(); ++t) {
    hash = mix(hash, g.size(t));
    for (std::uint16_t i = 1; i <= g.size(t); ++i) {
      const event& e = g.at({t, i});
      const std::uint64_t source = e.reads ? key(e.source) * 2 + e.spurious : 0;
      const std::uint64_t place = e.writes ? key(e.mo_before) : 0;
      hash = mix(hash, source << 32 | place);
      if (e.op == operation::choose) hash = mix(hash, e.read);
    }
  }
  return hash;
}

}  // namespace

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
      break;
  }
  return std::make_unique<random_sampler>(r);
}

void distinct_graphs::note(const graph& g) {
  if (hashes_.size() < report::most_distinct) hashes_.insert(hash_of(g));
}

}  // namespace pawl::check::engine

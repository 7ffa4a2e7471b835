// How many executions there will be, from descents at random (Knuth, "Estimating the efficiency of
// backtrack programs", 1975). Every execution but the first is one that another left pending, so
// they are the nodes of a tree. A descent goes from the first one to one that leaves nothing; where
// the numbers of alternatives on the way are n1, n2, … it stands for 1 + n1 + n1 n2 + … executions.
// The mean of many descents is right on the average.
#include <algorithm>
#include <cmath>
#include <random>

#include "searcher.hpp"

namespace pawl::check::engine {
namespace {

constexpr unsigned least_descents = 1000;
constexpr double most_seconds = 1;
constexpr double precise = 0.02;  // A deviation, as a part of the mean.

// What some descents stand for.
struct sample {
  void add(double executions) {
    ++descents;
    sum += executions;
    squares += executions * executions;
  }
  [[nodiscard]] double mean() const { return sum / descents; }
  // Of the mean.
  [[nodiscard]] double deviation() const {
    return std::sqrt(std::max(0.0, squares / descents - mean() * mean()) / descents);
  }
  [[nodiscard]] bool suffices() const {
    return descents >= least_descents && deviation() <= precise * mean();
  }

  unsigned descents = 0;
  double sum = 0, squares = 0;
};

}  // namespace

// Returns false if that ended the search: with a bug, or at a limit.
bool searcher::estimate() {
  std::mt19937_64 generator(options_.seed);
  const auto draw = [&](std::size_t n) { return static_cast<std::size_t>(generator() % n); };
  sample all;
  double began = limits_.seconds(), took = 0;
  std::uint64_t runs = 0;
  for (; !all.suffices() && took < most_seconds; took = limits_.seconds() - began) {
    const std::optional<double> one = descend(draw, runs);
    if (report_.verdict != verdict::clean || !look()) return false;
    if (one) {
      all.add(*one);
    } else {  // The tree is another one: what was drawn before does not count.
      all = {};
      runs = 0;
      began = limits_.seconds();
    }
  }
  const double per_run = took / static_cast<double>(runs);
  report_.before = estimation{all.mean(), all.deviation(), all.mean() * per_run, all.descents};
  leader().forget_counts();
  return true;
}

// Returns: for how many executions a descent stands; nothing if something was learned.
std::optional<double> searcher::descend(const std::function<std::size_t(std::size_t)>& draw,
                                        std::uint64_t& runs) {
  runtime& r = leader().program;
  r.search.start();
  double executions = 0, weight = 1;
  for (;;) {
    if (r.search.goes_on()) {
      ++runs;
      const ending e = r.run();
      if (e == ending::restart || r.search.restart_needed()) return std::nullopt;
      if (e == ending::failed && !count(leader(), e)) return 0;
      if (e != ending::beyond) executions += weight;
    }
    const std::size_t alternatives = r.search.descend(draw);
    if (r.search.restart_needed()) return std::nullopt;
    if (alternatives == 0) return executions;
    weight *= static_cast<double>(alternatives);
  }
}

}  // namespace pawl::check::engine

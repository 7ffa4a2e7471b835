// One part of a search that several processes share (--shard).
//
// Each process explores what is above the roots, which only the first one counts, and the roots
// whose numbers are its own. So all must see the same roots, in the same order, and the same
// subtrees below them, although they can't tell each other what they learn:
//
// - Above the roots all learn the same, by descents at random, which are the same for all, and by a
//   search that only the program decides about.
// - Below, a location may turn out to be ordinary. Whether it does can depend on what is in two
//   parts: a wait in one, stores that nothing orders in the other. So a part refuses if it learns
//   there that a location is waited for, or that nothing orders the stores to one that is known to
//   be: of the two that would have to meet, one refuses.
// - Below, threads may turn out to spin. Where they do, each part that has such executions comes to
//   know it by itself, for what a thread can repeat once it can repeat again and again, in the same
//   subtree; the others are the same either way. What is above the roots must be so, too, which is
//   looked at in the end. (An attempt may fail by a change that comes only once. Then a part learns
//   it by the descents, or counts failed iterations: the sum is higher, and nothing is missed.)
// - Numbers of threads that are first seen below the roots order the executions within a subtree
//   and do not change which there are.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <random>

#include "describe.hpp"
#include "searcher.hpp"

namespace pawl::check::engine {
namespace {

std::string title(const shard& s) { return fmt::format("--shard {}/{}", s.number, s.count); }

std::vector<object_key> beyond(const std::set<object_key>& some, const std::set<object_key>& all) {
  std::vector<object_key> rest;
  std::set_difference(some.begin(), some.end(), all.begin(), all.end(), std::back_inserter(rest));
  return rest;
}

std::string name_of(const runtime& r, const object_key& k) {
  for (location_id l = 0; l < r.known.infos.size(); ++l) {
    const location_info& i = r.known.infos[l];
    if (i.object != nullptr && i.creator == std::get<0>(k) && i.nth == std::get<1>(k) &&
        i.initial == std::get<3>(k))
      return object_name(r, l);
  }
  return "an atomic object";
}

}  // namespace

// Most of what there is to learn is learned by descents at random. Returns false if that ended the
// search.
bool searcher::learn_at_random() {
  constexpr unsigned quiet = 400, most = 10'000;  // Descents: so many without news suffice.
  runtime& r = leader().program;
  std::mt19937_64 generator(1);
  const auto draw = [&](std::size_t n) { return static_cast<std::size_t>(generator() % n); };
  std::uint64_t runs = 0;
  division_->depth = 0;
  for (unsigned n = 0, last_news = 0; n < most && n - last_news < quiet; ++n) {
    const bool restart = !descend(draw, runs);
    if (report_.verdict != verdict::clean || !look()) return false;
    if (!r.search.take_news() && !restart) continue;
    division_->learn(r.learned());
    r.learn(division_->known());
    last_news = n;
  }
  return true;
}

// Looks for the depth at which there are enough subtrees to divide, which follows from the program
// and the number of parts. Returns false if there is nothing left to do.
bool searcher::find_roots() {
  constexpr std::size_t roots_a_part = 64;
  constexpr std::uint64_t most_decisions = 20'000;
  const explorer& search = leader().program.search;
  // Each pass repeats the one before: steps grow, so that the last one is most of the work.
  for (division_->depth = 1;; division_->depth += std::max(1u, division_->depth / 2)) {
    if (!enumerate(leader())) return false;
    if (search.roots() == 0) return false;
    if (search.roots() >= roots_a_part * options_.shard->count ||
        search.above_roots() > most_decisions)
      return true;
  }
}

// What is known now is known to all parts.
void searcher::fix_knowledge() {
  leader().program.learn(division_->known());
  fixed_ = common_knowledge{division_->known(), leader().program.search.top()};
}

// Returns: whether this part learned what others can't know.
bool searcher::knows_too_much(const share& s) {
  if (!fixed_ || !options_.unblocking) return false;
  const knowledge now = s.program.learned(), &then = fixed_->known;
  std::vector<object_key> late = beyond(now.ordinary, then.ordinary);
  for (const object_key& k : beyond(now.awaited, then.awaited)) late.push_back(k);
  for (const object_key& k : beyond(now.unordered, then.unordered))
    if (then.awaited.contains(k)) late.push_back(k);
  if (late.empty()) return false;
  refuse(
      fmt::format("{}: that threads wait for {}, or that nothing orders the stores to it, was "
                  "met too late for the other parts to know, which can change their executions; "
                  "add --no-unblocking to the command of every part",
                  title(*options_.shard), name_of(s.program, late[0])));
  return true;
}

// After a part was explored completely.
void searcher::confirm_part() {
  if (!fixed_ || report_.verdict != verdict::clean || knows_too_much(leader())) return;
  if (leader().program.search.top() == fixed_->top) return;
  refuse(
      fmt::format("{}: threads that spin were met too late for the other parts to know of them, "
                  "which changes what belongs to each part; explore the model without --shard",
                  title(*options_.shard)));
}

// From now on the leader explores alone: all that is left, or with --shard its part.
bool searcher::enumerate_alone() {
  shares_.resize(1);
  leader().program.shared = nullptr;
  if (!options_.shard) {
    leader().program.search.divide(nullptr, true);
    division_.reset();
    return enumerate(leader());
  }
  const knowledge known = division_->known();
  const unsigned depth = division_->depth;
  division_.emplace(1);
  division_->learn(known);
  division_->depth = depth;
  division_->part = options_.shard;
  leader().program.search.divide(&*division_, counts_above());
  saves_ = checkpoint_.has_value();
  return enumerate(leader());
}

void searcher::refuse(std::string why) {
  const std::lock_guard lock(telling_);
  if (division_) division_->stop();
  if (report_.error) return;
  report_.verdict = verdict::refused;
  report_.message = std::move(why);
}

}  // namespace pawl::check::engine

#include "cell.hpp"

#include <bit>

#include "../../fiber/memory.hpp"

namespace pawl::check::instrumented {

std::uint32_t further_pool::add(std::uint32_t run) {
  const fiber::outside_heap outside;
  if (run_ != run) {
    run_ = run;
    count_ = 0;
  }
  if (all_.size() == count_) all_.emplace_back();
  all_[count_].readers = 0;
  all_[count_].others.clear();
  return count_++;
}

const access* cell::conflict(access a, happened_before before, const further_pool& further) const {
  const auto conflicts = [&](const access& former) {
    return a.conflicts_with(former) && (former.frees() || !is_before(former, a, before));
  };
  for (unsigned i = 0; i < count; ++i)
    if (conflicts(accesses[i])) return &accesses[i];
  if (more == 0) return nullptr;
  const further_accesses& others = further[more - 1];
  for (std::uint32_t left = a.writes() ? others.readers : 0; left != 0; left &= left - 1)
    if (const access& read = others.reads[static_cast<unsigned>(std::countr_zero(left))];
        conflicts(read))
      return &read;
  const auto found = std::ranges::find_if(others.others, conflicts);
  return found == others.others.end() ? nullptr : &*found;
}

void cell::note(access a, happened_before before, further_pool& further) {
  const auto known = accesses.begin(), behind = known + count;
  if (std::any_of(known, behind, [&](access former) { return a.is_known_by(former); })) return;
  const auto unneeded = [&](access former) {
    return a.covers(former) && is_before(former, a, before);
  };
  count = static_cast<std::uint8_t>(std::remove_if(known, behind, unneeded) - known);
  if (a.writes() && more != 0) {
    further_accesses& others = further[more - 1];
    for (std::uint32_t left = others.readers; left != 0; left &= left - 1)
      if (const auto t = static_cast<unsigned>(std::countr_zero(left)); unneeded(others.reads[t]))
        others.readers &= ~(1u << t);
    std::erase_if(others.others, unneeded);
    if (others.readers == 0 && others.others.empty()) more = 0;
  }
  if (count < inline_accesses) {
    accesses[count++] = a;
    return;
  }
  if (more == 0) more = 1 + further.add(run);
  const fiber::outside_heap outside;
  if (further_accesses& others = further[more - 1]; a.writes() || !others.take(a))
    others.others.push_back(a);
}

}  // namespace pawl::check::instrumented

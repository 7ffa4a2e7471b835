// Which blocks of memory a program could still free when it has ended. As leak checkers do, every
// aligned word that looks like a pointer into a block is taken for one.
#include <algorithm>
#include <iterator>

#include "program.hpp"
#include "shadow.hpp"
#include "verify.hpp"

namespace pawl::check::instrumented {
namespace {

using fiber::block;

class reachability {
 public:
  explicit reachability(const std::vector<block*>& live)
      : live_(live), found_(live.size(), false) {}

  void scan(std::span<const std::byte> bytes) {
    const auto* const words = reinterpret_cast<const std::uintptr_t*>(bytes.data());
    for (std::size_t i = 0; i < bytes.size() / sizeof *words; ++i)
      if (words[i] - fiber::region::first_address < fiber::region::span) visit(words[i]);
  }

  // What was found may point to more.
  void follow() {
    while (!unscanned_.empty()) {
      const block& b = *unscanned_.back();
      unscanned_.pop_back();
      scan({reinterpret_cast<const std::byte*>(&b + 1), b.size});
    }
  }

  [[nodiscard]] bool found(std::size_t i) const { return found_[i]; }

 private:
  void visit(std::uintptr_t address) {
    const auto after = std::upper_bound(
        live_.begin(), live_.end(), address,
        [](std::uintptr_t a, const block* b) { return a < reinterpret_cast<std::uintptr_t>(b); });
    if (after == live_.begin()) return;
    const auto at = static_cast<std::size_t>(after - live_.begin()) - 1;
    const auto begin = reinterpret_cast<std::uintptr_t>(live_[at] + 1);
    if (found_[at] || address < begin || address > begin + live_[at]->size) return;
    found_[at] = true;
    unscanned_.push_back(live_[at]);
  }

  const std::vector<block*>& live_;
  std::vector<bool> found_;
  std::vector<const block*> unscanned_;
};

bool is_mapping(const block* b) { return b->by == by_mapping; }

}  // namespace

// Values of atomic objects are in the graph until now.
void program::forget_reachable(const engine::runtime& r, std::vector<block*>& live) {
  the_shadow.write_last_values(r);
  // Mappings end with the process; what they point to is in use.
  std::vector<block*> mapped;
  std::ranges::copy_if(live, std::back_inserter(mapped), is_mapping);
  std::erase_if(live, is_mapping);
  reachability all(live);
  for (const block* b : mapped) all.scan({reinterpret_cast<const std::byte*>(b + 1), b->size});
  all.scan(data_);
  all.scan(boot_memory());
  all.scan(std::as_bytes(retired_blocks(r)));
  for (unsigned t = 0; t < r.thread_count(); ++t) all.scan(locals_.of(t));
  all.follow();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < live.size(); ++i)
    if (!all.found(i)) live[kept++] = live[i];
  live.resize(kept);
}

}  // namespace pawl::check::instrumented

#include "stacks.hpp"

#include <unwind.h>

#include <algorithm>

#include "../../fiber/memory.hpp"
#include "sites.hpp"

namespace pawl::check::instrumented {

stacks& the_stacks = *new stacks;

namespace {

constexpr std::size_t most_frames = 24, most_lines = 12;

struct search {
  const void* from;  // The first frame is the one that goes on here: those before are hooks.
  std::vector<const void*> found;
};

_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* to) {
  auto& s = *static_cast<search*>(to);
  const auto* const code = reinterpret_cast<const void*>(_Unwind_GetIP(context));
  if (code == s.from || !s.found.empty()) s.found.push_back(code);
  return s.found.size() == most_frames ? _URC_END_OF_STACK : _URC_NO_REASON;
}

std::vector<const void*> stack_from(const void* code) {
  search s{code, {}};
  _Unwind_Backtrace(add_frame, &s);
  return std::move(s.found);
}

}  // namespace

void stacks::note(const engine::runtime& r, const access& a) {
  const fiber::outside_heap outside;
  if (run_ != r.course.number) known_.clear();
  run_ = r.course.number;
  if (const auto [at, is_new] = known_.try_emplace(key_of(a)); is_new)
    at->second = stack_from(a.code());
}

std::vector<std::string> stacks::lines_of(const engine::runtime& r, const access& a) const {
  const auto known = known_.find(key_of(a));
  if (run_ != r.course.number || known == known_.end()) return {};
  std::vector<std::string> out;
  for (const void* const code : known->second)
    for (const std::string& frame : the_sites.frames_at(code))
      if (out.size() < most_lines) out.push_back("  in " + frame);
  return out;
}

}  // namespace pawl::check::instrumented

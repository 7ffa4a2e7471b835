#include "wing_gong.hpp"

#include <map>
#include <memory>
#include <utility>

namespace pawl::check::engine {
namespace {

using rt::call_part;
using rt::sequential_object;

class order_search {
 public:
  order_search(std::span<const ordered_call> calls, unended rule) : calls_(calls), rule_(rule) {}

  sequential_order run(const sequential_object& initial) {
    progress begin;
    for (unsigned i = 0; i < calls_.size(); ++i) {
      const rt::history_call& c = *calls_[i].what;
      if (!c.has_request || !has_effect(i)) begin.requested |= only(i);
      if (!has_effect(i)) begin.done |= only(i);
      if (has_ended(i)) ended_ |= only(i);
    }
    longest_.found = go_on(begin, initial);
    if (longest_.found) longest_.steps = steps_;
    return std::move(longest_);
  }

 private:
  struct progress {
    call_set requested = 0;  // Includes those that make no request.
    call_set done = 0;
    friend auto operator<=>(const progress&, const progress&) = default;
  };

  [[nodiscard]] bool has_ended(unsigned i) const {
    return calls_[i].what->ended != rt::history_call::ending::none;
  }
  [[nodiscard]] bool has_effect(unsigned i) const {
    const rt::history_call& c = *calls_[i].what;
    return c.has_request || c.ended != rt::history_call::ending::cancelled;
  }

  bool go_on(progress behind, const sequential_object& now) {
    if (is_end(behind, now)) return true;
    if (!is_new(behind, now)) return false;
    for (unsigned i = 0; i < calls_.size(); ++i) {
      if (!may_be_next(i, behind)) continue;
      for (const call_part part : {call_part::request, call_part::effect, call_part::cancellation})
        if (is_next_part(i, part, behind) && take(i, part, behind, now)) return true;
    }
    return false;
  }

  bool take(unsigned i, call_part part, progress behind, const sequential_object& now) {
    const auto next = now.clone();
    if (!calls_[i].what->apply(part, *next)) return false;
    (part == call_part::request ? behind.requested : behind.done) |= only(i);
    steps_.push_back({i, part});
    if (steps_.size() > longest_.steps.size()) longest_.steps = steps_;
    if (go_on(behind, *next)) return true;
    steps_.pop_back();
    return false;
  }

  // Of a call that has not ended, nobody knows whether it was cancelled.
  [[nodiscard]] bool is_next_part(unsigned i, call_part part, progress behind) const {
    const rt::history_call& c = *calls_[i].what;
    const bool requests = (behind.requested & only(i)) == 0;
    if (requests || part == call_part::request) return requests && part == call_part::request;
    if (!has_ended(i))
      return part == call_part::effect ? rule_ != unended::wait
                                       : rule_ == unended::may && c.has_cancellation;
    return (part == call_part::cancellation) == (c.ended == rt::history_call::ending::cancelled);
  }

  [[nodiscard]] bool may_be_next(unsigned i, progress behind) const {
    return (behind.done & only(i)) == 0 && (calls_[i].after & ~behind.done) == 0 &&
           (calls_[i].requests & ~behind.requested) == 0;
  }

  [[nodiscard]] bool is_end(progress behind, const sequential_object& now) const {
    if ((ended_ & ~behind.done) != 0) return false;
    if (rule_ != unended::wait) return true;
    for (unsigned i = 0; i < calls_.size(); ++i) {
      if (has_ended(i)) continue;
      if ((behind.requested & only(i)) == 0) return false;
      if (calls_[i].what->apply(call_part::effect, *now.clone())) return false;
    }
    return true;
  }

  bool is_new(progress behind, const sequential_object& now) {
    auto& states = seen_[behind];
    for (const auto& each : states)
      if (each->equals(now)) return false;
    states.push_back(now.clone());
    return true;
  }

  std::span<const ordered_call> calls_;
  unended rule_;
  call_set ended_ = 0;
  std::map<progress, std::vector<std::unique_ptr<sequential_object>>> seen_;
  std::vector<sequential_order::step> steps_;
  sequential_order longest_;
};

}  // namespace

sequential_order find_sequential_order(const sequential_object& initial,
                                       std::span<const ordered_call> calls, unended rule) {
  return order_search(calls, rule).run(initial);
}

}  // namespace pawl::check::engine

// Recording and judging histories: one call comes before another if its end happens before the
// start of the other. The order in which the run executed them says nothing: under weak memory, and
// for what the graph leaves unordered, it is one of many.
#include "history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "describe.hpp"
#include "runtime.hpp"
#include "wing_gong.hpp"

namespace pawl::check::engine {
namespace {

using rt::history_call;

// "pop() = 3 by thread 2"
std::string call_text(const runtime& r, const history_call& c) {
  return fmt::format("{} by {}", c.text(),
                     thread_name(r, static_cast<thread_index>(c.start.thread)));
}

// Without those that come before another one of them.
call_set latest(call_set before, const std::vector<ordered_call>& calls) {
  call_set out = before;
  for (unsigned i = 0; i < calls.size(); ++i)
    if ((before & only(i)) != 0) out &= ~calls[i].after;
  return out;
}

std::vector<std::string> numbers(call_set calls) {
  std::vector<std::string> out;
  for (unsigned i = 0; i < most_calls; ++i)
    if ((calls & only(i)) != 0) out.push_back(fmt::format("({})", i + 1));
  return out;
}

std::string ending_text(const history_call& c) {
  switch (c.ended) {
    case history_call::ending::none:
      return ", has not ended";
    case history_call::ending::cancelled:
      return ", cancelled";
    case history_call::ending::returned:
      break;
  }
  return {};
}

std::string_view part_text(rt::call_part p) {
  switch (p) {
    case rt::call_part::request:
      return "request of ";
    case rt::call_part::effect:
      break;
    case rt::call_part::cancellation:
      return "cancellation of ";
  }
  return {};
}

// The calls, a line each, and how far an order of them can get.
std::vector<std::string> notes_of(const runtime& r, const std::vector<ordered_call>& calls,
                                  const sequential_order& longest) {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const ordered_call& c = calls[i];
    std::string line = fmt::format("({}) {}{}", i + 1, call_text(r, *c.what), ending_text(*c.what));
    if (c.after != 0)
      line += fmt::format(", after {}", fmt::join(numbers(latest(c.after, calls)), " "));
    if (const call_set behind = c.requests & ~c.after; behind != 0)
      line += fmt::format(", behind {}", fmt::join(numbers(behind), " "));
    notes.push_back(std::move(line));
  }
  std::vector<std::string> steps;
  steps.reserve(longest.steps.size());
  for (const auto& s : longest.steps)
    steps.push_back(fmt::format("{}({})", part_text(s.part), s.call + 1));
  notes.push_back(steps.empty()
                      ? "none of them can be the first"
                      : fmt::format("an order gets no further than {}", fmt::join(steps, ", ")));
  return notes;
}

}  // namespace

bool runtime::precedes(const rt::moment& a, const rt::moment& b) const {
  if (a.sequence == 0) return false;
  if (a.thread == b.thread) return a.sequence < b.sequence;
  const view known_then =
      known_to(static_cast<thread_index>(b.thread), static_cast<std::uint16_t>(b.events));
  return search.graph.views.at(known_then, static_cast<thread_index>(a.thread)) >
         static_cast<std::int32_t>(a.events);
}

std::optional<fault> runtime::judge(const history& h, bool all_is_over) const try {
  std::vector<ordered_call> calls;
  for (const auto& c : h.calls) {
    ordered_call& each = calls.emplace_back(ordered_call{.what = c.get()});
    for (const auto& other : h.calls) {
      if (precedes(other->end, c->start)) each.after |= only(other->number);
      if (precedes(other->requested, c->start)) each.requests |= only(other->number);
    }
  }
  const auto order =
      find_sequential_order(*h.initial, calls, all_is_over ? unended::wait : unended::may);
  if (order.found) return std::nullopt;
  std::string sentence = fmt::format("no order of the calls is one of {}", h.specification);
  if (all_is_over && find_sequential_order(*h.initial, calls, unended::may_effect).found) {
    std::vector<std::string> open;
    for (const auto& c : h.calls)
      if (c->ended == history_call::ending::none) open.push_back(call_text(*this, *c));
    sentence = fmt::format("{} does not block all calls that have not ended: {}", h.specification,
                           fmt::join(open, "; "));
  }
  return fault{failure_kind::not_linearizable, std::move(sentence), notes_of(*this, calls, order)};
} catch (const fiber::out_of_memory&) {
  throw;
} catch (const std::exception& e) {
  return fault{failure_kind::exception,
               fmt::format("an exception left the specification {}: {}", h.specification, e.what()),
               {}};
}

// What an assumption discards is not judged; other executions that end waiting are the beginning of
// one that goes on, or the stopped thread's.
void runtime::judge_histories(bool all_is_over) {
  if (in(state::assumed) != 0) return;
  for (const history& h : histories_.all)
    if (!error) error = judge(h, all_is_over);
}

rt::moment runtime::this_moment() {
  return {running_, thread(running_).executed, ++histories_.moments};
}

rt::history_id runtime::begin_history(history h) {
  if (direct_.runs) {  // Which has no graph.
    direct_.possible = false;
    fail(failure_kind::limit, {});
  }
  histories_.all.push_back(std::move(h));
  return static_cast<rt::history_id>(histories_.all.size() - 1);
}

void runtime::begin_call(rt::history_id id, std::unique_ptr<history_call> c) {
  auto& calls = histories_.all.at(id).calls;
  if (calls.size() == most_calls)
    fail(failure_kind::limit, fmt::format("a history has more than {} calls", most_calls));
  c->number = static_cast<std::uint32_t>(calls.size());
  c->start = this_moment();
  calls.push_back(std::move(c));
}

void runtime::judge_history(rt::history_id id) {
  if (auto f = judge(histories_.all.at(id), false))
    fail(f->kind, std::move(f->sentence), std::move(f->notes));
}

}  // namespace pawl::check::engine

namespace pawl::check::rt {
namespace {

using engine::runtime;

runtime& recording(const char* what, site where = site::current()) {
  runtime* const r = runtime::current();
  if (r == nullptr || !r->inside()) misuse(what, where);
  return *r;
}

}  // namespace

history_id begin_history(std::unique_ptr<sequential_object> initial, std::string specification,
                         site where) {
  const fiber::outside_heap outside;
  return recording("a history outside of an execution", where)
      .begin_history({std::move(initial), std::move(specification), {}});
}

void begin_call(history_id id, std::unique_ptr<history_call> c) {
  const fiber::outside_heap outside;
  recording("a call of a history outside of an execution").begin_call(id, std::move(c));
}

void note_request(history_call& c) {
  runtime& r = recording("a call of a history outside of an execution");
  if (c.requested.sequence == 0) c.requested = r.this_moment();
}

void end_call(history_call& c, history_call::ending how) {
  const fiber::outside_heap outside;
  runtime& r = recording("a call of a history ends outside of an execution");
  if (c.ended != history_call::ending::none)
    misuse(fmt::format("{} ends twice", c.text()).c_str(), site::current());
  c.ended = how;
  c.end = r.this_moment();
}

void judge_history(history_id id) {
  const fiber::outside_heap outside;
  recording("a history is judged outside of an execution").judge_history(id);
}

}  // namespace pawl::check::rt

#include "state_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <pawl/check/sync/words.hpp>

#include <algorithm>
#include <bit>

#include "describe.hpp"

namespace pawl::check::engine {
namespace {

rt::show_as kind_of(const runtime& r, location_id l) {
  return l < r.known.infos.size() ? r.known.infos[l].show : rt::show_as::unsigned_integer;
}

// The thread in whose hands the object is; -1 = in nobody's, or in those of several.
int holder_of(rt::show_as kind, word v) {
  switch (kind) {
    case rt::show_as::shared_mutex:
      if (const word readers = sync::readers_in(v); std::has_single_bit(readers))
        return std::countr_zero(readers);
      [[fallthrough]];
    case rt::show_as::mutex:
    case rt::show_as::once:
      return static_cast<int>(sync::holder_in(v)) - 1;
    default:
      return -1;
  }
}

std::string held_text(const runtime& r, rt::show_as kind, word v) {
  const std::string who = thread_name(r, static_cast<thread_index>(holder_of(kind, v)));
  if (kind == rt::show_as::once) return "being called by " + who;
  const word more = kind == rt::show_as::mutex ? sync::times_more(v) : 0;
  return fmt::format("held by {}{}", who, more == 0 ? "" : fmt::format(" {} times", more + 1));
}

}  // namespace

std::string thread_names(const runtime& r, word set) {
  std::vector<std::string> names;
  for (; set != 0; set &= set - 1)
    names.push_back(thread_name(r, static_cast<thread_index>(std::countr_zero(set))));
  return fmt::format("{}", fmt::join(names, " and "));
}

std::string_view kind_name(rt::show_as kind) noexcept {
  switch (kind) {
    case rt::show_as::mutex:
      return "mutex";
    case rt::show_as::shared_mutex:
      return "shared_mutex";
    case rt::show_as::condition:
      return "condition";
    case rt::show_as::semaphore:
      return "semaphore";
    case rt::show_as::once:
      return "once_flag";
    case rt::show_as::latch:
      return "latch";
    case rt::show_as::barrier:
      return "barrier";
    default:
      return "atomic";
  }
}

std::string state_text(const runtime& r, rt::show_as kind, word v) {
  if (kind == rt::show_as::condition) {
    if (v == 0) return "waited on by nobody";
    const word told = sync::notified_in(v);
    return fmt::format("waited on by {}{}", thread_names(r, sync::waiters_in(v)),
                       told == 0 ? "" : fmt::format(" (notified: {})", thread_names(r, told)));
  }
  if (kind == rt::show_as::once && (v == 0 || v == sync::called))
    return v == 0 ? "not called" : "called";
  if (v == 0) return "free";
  if (kind == rt::show_as::shared_mutex && sync::readers_in(v) != 0)
    return "read by " + thread_names(r, sync::readers_in(v));
  return held_text(r, kind, v);
}

// Of a barrier whose arrivals are ordered, the word says how many they are; see barrier.cpp.
std::string arrivals_text(const runtime& r, location_id l, word v) {
  const graph& g = r.search.graph;
  word latest = 0;
  bool is_counted = false;
  for (event_id a = g.location(l).newest_load; a != no_event; a = g.at(a).older_load) {
    if (g.at(a).op != operation::arrive) continue;
    is_counted = true;
    latest = std::max(latest, g.at(a).read);
  }
  const bool is_latch = kind_of(r, l) == rt::show_as::latch;
  const word expected = is_counted ? g.expected_arrivals(l, latest) : is_latch ? v : v & 0xffff;
  const word arrived = is_counted ? g.arrivals(l, latest) : is_latch ? 0 : v >> 16 & 0xffff;
  return fmt::format("{} of {} have arrived", arrived, expected);
}

std::string awaited_text(const runtime& r, thread_index t, const event& e) {
  const std::string object = object_name(r, e.location);
  const rt::show_as kind = kind_of(r, e.location);
  if (kind == rt::show_as::condition) return "a notification of " + object;
  if (kind == rt::show_as::barrier)
    return fmt::format("{}, where {}", object, arrivals_text(r, e.location, e.read));
  const int holder = holder_of(kind, e.read);
  if (holder < 0) return fmt::format("{}, which is {}", object, value_text(r, e.location, e.read));
  if (holder == t)
    return fmt::format("{}, which it {} itself", object,
                       kind == rt::show_as::once ? "is calling" : "holds");
  const bool ended =
      r.thread(static_cast<thread_index>(holder)).at == runtime::model_thread::state::finished;
  return fmt::format("{}, {}{}", object, value_text(r, e.location, e.read),
                     ended ? ", which has ended" : "");
}

int waits_for_thread(const runtime& r, thread_index t) {
  const runtime::model_thread& m = r.thread(t);
  using state = runtime::model_thread::state;
  if (m.at == state::frontier && m.pending->op == operation::join)
    return static_cast<int>(m.pending->operand);
  if (m.at != state::blocked) return -1;
  const event& e = r.search.graph.at(r.search.graph.last(t));
  return holder_of(kind_of(r, e.location), e.read);
}

std::vector<thread_index> circle_first(const runtime& r, std::vector<thread_index> waiting) {
  for (const thread_index first : waiting) {
    std::vector<thread_index> way;
    for (int next = first; next >= 0 && std::ranges::find(waiting, next) != waiting.end() &&
                           std::ranges::find(way, next) == way.end();
         next = waits_for_thread(r, static_cast<thread_index>(next))) {
      way.push_back(static_cast<thread_index>(next));
    }
    if (way.empty() || waits_for_thread(r, way.back()) != first) continue;
    std::ranges::copy_if(waiting, std::back_inserter(way),
                         [&](thread_index t) { return std::ranges::find(way, t) == way.end(); });
    return way;
  }
  return waiting;
}

}  // namespace pawl::check::engine

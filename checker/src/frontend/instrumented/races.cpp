#include "races.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "../../engine/describe.hpp"
#include "../../fiber/memory.hpp"
#include "sites.hpp"
#include "stacks.hpp"

namespace pawl::check::instrumented {
namespace {

using engine::runtime;

std::string place_of(const access& a) { return engine::place(the_sites.at(a.code())); }
std::string thread_of(const runtime& r, const access& a) {
  return engine::thread_name(r, a.thread());
}

std::string_view noun(const access& a) {
  return a.frees() ? "free" : a.writes() ? "write" : "read";
}

// "write by thread 1 at a.c:7", and from where that was called, of both; then `more`.
std::vector<std::string> notes_of(const runtime& r, const access& former, const access& latter,
                                  std::vector<std::string> more) {
  std::vector<std::string> notes;
  for (const access& each : {former, latter}) {
    notes.push_back(fmt::format("{} by {} at {}", noun(each), thread_of(r, each), place_of(each)));
    std::ranges::move(the_stacks.lines_of(r, each), std::back_inserter(notes));
  }
  std::ranges::move(more, std::back_inserter(notes));
  return notes;
}

[[noreturn]] void tell(runtime& r, const void* p, const access& former, std::string_view formerly,
                       const access& latter, std::string_view finally, std::string_view why) {
  r.fail(failure_kind::data_race,
         fmt::format("{} {} {} ({}) while {} {} it ({})", thread_of(r, latter), finally,
                     the_sites.describe(p), place_of(latter), thread_of(r, former), formerly,
                     place_of(former)),
         notes_of(r, former, latter, {std::string(why)}), p);
}

}  // namespace

std::string_view verb(const access& a, bool atomic) {
  if (a.frees()) return "frees";
  if (atomic) return a.writes() ? "atomically modifies" : "atomically reads";
  return a.writes() ? "writes" : "reads";
}

void tell_race(runtime& r, const void* p, const access& former, const access& latter, bool atomic) {
  const fiber::outside_heap outside;
  tell(r, p, former, verb(former, false), latter, verb(latter, atomic),
       "neither happens before the other");
}

void tell_race_with_atomic(runtime& r, const void* p, const access& former, const access& latter) {
  const fiber::outside_heap outside;
  tell(r, p, former, verb(former, true), latter, verb(latter, false),
       "neither happens before the other; both would have to be atomic");
}

void tell_use_after_free(runtime& r, const void* p, const access& former, const access& latter,
                         bool atomic) {
  const fiber::outside_heap outside;
  r.fail(
      failure_kind::use_after_free,
      fmt::format("{} {} {} ({}), which {} freed ({})", thread_of(r, latter), verb(latter, atomic),
                  the_sites.describe(p), place_of(latter), thread_of(r, former), place_of(former)),
      notes_of(r, former, latter, r.heap_notes(p)), p);
}

void tell_use_after_return(runtime& r, const void* p, const access& a, engine::thread_index owner,
                           bool atomic) {
  const fiber::outside_heap outside;
  std::vector<std::string> notes = the_stacks.lines_of(r, a);
  notes.emplace_back("nothing orders that before the end of the function whose variable it is");
  r.fail(failure_kind::lifetime,
         fmt::format("{} {} a variable on the stack of {} ({}), whose function may have returned",
                     thread_of(r, a), verb(a, atomic), engine::thread_name(r, owner), place_of(a)),
         std::move(notes), p);
}

void tell_unwritten(runtime& r, const void* p, std::string_view name, const access& a,
                    engine::thread_index owner, bool atomic) {
  const fiber::outside_heap outside;
  std::vector<std::string> notes = the_stacks.lines_of(r, a);
  notes.emplace_back("its value is not determined");
  r.fail(failure_kind::lifetime,
         fmt::format("{} {} {}, a variable on the stack of {} ({}), which nobody has written",
                     thread_of(r, a), verb(a, atomic), name, engine::thread_name(r, owner),
                     place_of(a)),
         std::move(notes), p);
}

}  // namespace pawl::check::instrumented

#include "ends.hpp"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include <pawl/check/claims.hpp>

#include "keys.hpp"
#include "program.hpp"

namespace pawl::check::instrumented {
namespace {

// What atexit() and the like register, and destructors of static objects.
struct handler {
  void (*function)(void*);
  void* argument;
  rt::thread_id thread;  // That registered it, after so many of its events.
  std::int32_t at;
  std::vector<std::size_t> before;  // Those that were registered before, by number.
  bool taken = false;
};
using handlers = std::vector<handler>;
per_run<handlers> for_exit, for_quick_exit;

// An order that follows from the execution: threads may have registered them in another one.
int latest(const caller& c, const handlers& all) {
  const auto is_candidate = [&](std::size_t i) {
    return !all[i].taken &&
           (all[i].thread == c.thread() ||
            c.run().happened(static_cast<engine::thread_index>(all[i].thread), all[i].at));
  };
  int best = -1;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_candidate(i)) continue;
    const bool has_later = std::ranges::any_of(all, [&](const handler& h) {
      return is_candidate(static_cast<std::size_t>(&h - all.data())) &&
             std::ranges::find(h.before, i) != h.before.end();
    });
    if (!has_later && (best < 0 || all[i].thread > all[static_cast<std::size_t>(best)].thread))
      best = static_cast<int>(i);
  }
  return best;
}

// Those of threads that have not ended for this one to know are forgotten.
void run_handlers(const caller& c, per_run<handlers>& all) {
  for (int i = latest(c, all.get(c)); i >= 0; i = latest(c, all.get(c))) {
    handler& h = all.get(c)[static_cast<std::size_t>(i)];
    h.taken = true;
    h.function(h.argument);
  }
}

int note_handler(const caller& c, per_run<handlers>& all, void (*f)(void*), void* argument) {
  const fiber::outside_heap outside;
  c.run().end_history();
  handlers& known = all.get(c);
  handler h{f, argument, c.thread(), c.run().thread(c.run().running()).executed, {}, false};
  for (std::size_t i = 0; i < known.size(); ++i)
    if (known[i].thread == h.thread ||
        c.run().happened(static_cast<engine::thread_index>(known[i].thread), known[i].at))
      h.before.push_back(i);
  known.push_back(std::move(h));
  return 0;
}

// The process ends here: nobody need go on, though in another execution they may have before.
[[noreturn]] void end_here(const caller& c, int code, std::string_view call) {
  if (code != 0 && !the_program->settings().any_result)
    c.fail(failure_kind::assertion, "calls {}({})", call, code);
  c.run().end_process();
  std::abort();  // It is not resumed.
}

[[noreturn]] void exit_program(const caller& c, int code, std::string_view call,
                               per_run<handlers>* with) {
  if (with == &for_exit) end_thread_locals(c);
  if (with != nullptr) run_handlers(c, *with);
  end_here(c, code, call);
}

[[noreturn]] void fail_assertion(const caller& c, const char* expression) {
  const fiber::outside_heap outside;
  c.run().fail(
      failure_kind::assertion,
      fmt::format("{} ({}, {})", expression, c.name_of(c.thread()), engine::place(c.where())));
}

// abort(), by the function with which verification benchmarks discard executions?
bool is_assumption(const caller& c) {
  const fiber::outside_heap outside;
  static std::unordered_map<const void*, bool>& known = *new std::unordered_map<const void*, bool>;
  const auto [at, is_new] = known.try_emplace(c.code());
  if (is_new) {
    const std::vector<std::string> frames = the_sites.frames_at(c.code());
    at->second = !frames.empty() && frames[0].starts_with("assume_abort_if_not (");
  }
  return at->second;
}

[[noreturn]] void abort_program(const caller& c) {
  if (the_program->settings().abort_discards || is_assumption(c)) check::assume(false, c.where());
  const fiber::outside_heap outside;
  c.run().fail(
      failure_kind::crash,
      fmt::format("{} calls abort() ({})", c.name_of(c.thread()), engine::place(c.where())),
      {"--abort-discards takes that for an assumption that does not hold"});
}

}  // namespace

void end_program(const caller& c) {
  end_thread_locals(c);
  run_handlers(c, for_exit);
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

extern "C" int __cxa_atexit(void (*)(void*), void*, void*);
extern "C" int __cxa_at_quick_exit(void (*)(void*), void*);
PAWL_MODELS(c.is_model(), int, __cxa_atexit, (void (*f)(void*), void* argument, void* library),
            (f, argument, library), note_handler(c, for_exit, f, argument))
PAWL_MODELS(c.is_model(), int, __cxa_at_quick_exit, (void (*f)(void*), void* library), (f, library),
            note_handler(c, for_quick_exit, f, nullptr))

#define PAWL_EXIT(name, handlers)                             \
  PAWL_HOOK void name(int code) {                             \
    const caller c(__builtin_return_address(0));              \
    if (c.is_model()) exit_program(c, code, #name, handlers); \
    PAWL_BEHIND(name)(code);                                  \
    __builtin_unreachable();                                  \
  }
PAWL_EXIT(exit, &for_exit)
PAWL_EXIT(quick_exit, &for_quick_exit)
PAWL_EXIT(_exit, nullptr)
PAWL_EXIT(_Exit, nullptr)

PAWL_HOOK void abort() {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) abort_program(c);
  PAWL_BEHIND(abort)();
  __builtin_unreachable();
}

PAWL_HOOK void __assert_fail(const char* expression, const char* file, unsigned line,
                             const char* function) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) fail_assertion(c, expression);
  PAWL_BEHIND(__assert_fail)(expression, file, line, function);
  __builtin_unreachable();
}

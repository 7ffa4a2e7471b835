#include "threads.hpp"

#include <dlfcn.h>
#include <errno.h>
#include <fmt/format.h>
#include <pthread.h>

#include <array>
#include <utility>

#include "hooks.hpp"

namespace pawl::check::instrumented {
namespace {

// Lies in memory of the model, which is put back.
struct thread_record {
  void* (*body)(void*) = nullptr;
  void* argument = nullptr;
  void* result = nullptr;
  bool detached = false, joined = false;
};

// By the number of the thread.
std::array<thread_record*, rt::max_threads> records{};

// Thrown by pthread_exit().
struct thread_exit {};

void run_thread(void* record) {
  auto& me = *static_cast<thread_record*>(record);
  try {
    me.result = me.body(me.argument);
  } catch (const thread_exit&) {}
}

}  // namespace

namespace {
next_start described;
}

void describe_next_start(next_start next) { described = next; }

void forget_threads() {
  records.fill(nullptr);
  described = {};
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

// A pthread_t is the number of the thread, and one.
PAWL_HOOK int pthread_create(pthread_t* out, const pthread_attr_t* attributes, void* (*body)(void*),
                             void* argument) {
  runtime* const r = active();
  if (r == nullptr) {
    using function = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
    static auto* const behind = reinterpret_cast<function*>(dlsym(RTLD_NEXT, "pthread_create"));
    return behind(out, attributes, body, argument);
  }
  const auto [twin, code] = std::exchange(described, {});
  const rt::site here = the_sites.at(code != nullptr ? code : __builtin_return_address(0));
  thread_record* const next = static_cast<thread_record*>(rt::scratch(sizeof(thread_record)));
  *next = {body, argument, nullptr, false, false};
  const rt::thread_id t = r->spawn(run_thread, next, here, twin);
  records[t] = next;
  the_shadow.plain(*r, out, sizeof *out, true, __builtin_return_address(0));
  *out = t + 1;
  return 0;
}

PAWL_HOOK int pthread_join(pthread_t thread, void** result) {
  runtime* const r = active();
  if (r == nullptr) {
    using function = int(pthread_t, void**);
    static auto* const behind = reinterpret_cast<function*>(dlsym(RTLD_NEXT, "pthread_join"));
    return behind(thread, result);
  }
  rt::join(static_cast<rt::thread_id>(thread - 1), the_sites.at(__builtin_return_address(0)));
  if (result != nullptr) {
    the_shadow.plain(*r, result, sizeof *result, true, __builtin_return_address(0));
    *result = records[thread - 1]->result;
  }
  return 0;
}

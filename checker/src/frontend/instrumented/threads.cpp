#include "threads.hpp"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>

#include <pawl/check/claims.hpp>

#include <vector>

#include "ends.hpp"
#include "keys.hpp"
#include "unwritten.hpp"
#include "variables.hpp"

namespace pawl::check::instrumented {
namespace {

struct thread_record {
  void* (*body)(void*) = nullptr;
  void* argument = nullptr;
  void* result = nullptr;
  bool exists = false, detached = false, joined = false;
  std::vector<rt::thread_id> children;

  void clear() {
    body = nullptr;
    argument = result = nullptr;
    exists = detached = joined = false;
    children.clear();
  }
};
per_thread<thread_record> records;
/// What pthread_cleanup_push() leaves in C, the latest last.
per_thread<std::vector<__pthread_unwind_buf_t*>> cleanups_of;

// Thrown by pthread_exit().
struct thread_exit {
  void* result;
};

// A thread can be waited for, or let go, once.
thread_record& joinable(const caller& c, rt::thread_id t, std::string_view does) {
  thread_record& r = records.of(c, t);
  if (r.joined) c.misuse("{} {}, which was joined already", does, c.name_of(t));
  if (r.detached) c.misuse("{} {}, which is detached", does, c.name_of(t));
  return r;
}

void run_thread(void*) {
  const caller here(nullptr);
  thread_record& me = records.mine(here);
  try {
    forget_stack_below();
    me.result = me.body(me.argument);
    the_shadow.finish_write(here.run());
  } catch (const thread_exit& e) {
    me.result = e.result;
  }
  end_thread_locals(here);
  end_values(here);
}

// Those of each are known when it has ended, so that the order is the same in every execution.
void join_children(const caller& c, rt::thread_id of) {
  for (std::size_t i = 0; i < records.of(c, of).children.size(); ++i) {
    const rt::thread_id child = records.of(c, of).children[i];
    rt::join(child, c.where());
    join_children(c, child);
  }
}

// One more than --threads lets it: it stops here.
void bound_starts(const caller& c) {
  runtime& r = c.run();
  if (!r.asked().threads || records.mine(c).children.size() < *r.asked().threads) return;
  r.assumed_at = c.where();
  r.is_past_iterations = true;
}

}  // namespace

rt::thread_id thread_of(const caller& c, thread_handle handle, std::string_view does) {
  const auto t = static_cast<rt::thread_id>(handle - 1);
  if (handle == 0 || handle > rt::max_threads || (t > 0 && !records.of(c, t).exists))
    c.misuse("{} a thread that was never created", does);
  return t;
}

void start_thread(const caller& c, thread_handle* out, void* (*body)(void*), void* argument,
                  start_options o) {
  if (c.run().observe != nullptr) the_stack_variables.note(c.run());
  c.writes(out, sizeof *out);  // Before it begins, as C11 has it and glibc does for POSIX.
  bound_starts(c);
  const rt::thread_id t = c.run().spawn(run_thread, nullptr, c.where(), o.twin);
  *out = handle_of(t);
  thread_record& next = records.of(c, t);  // It has not begun.
  const fiber::outside_heap outside;
  next.clear();
  next.body = body;
  next.argument = argument;
  next.exists = true;
  next.detached = o.detached;
  records.mine(c).children.push_back(t);
}

int join_thread(const caller& c, thread_handle handle, void*& result) {
  const rt::thread_id t = thread_of(c, handle, "joins");
  if (t == c.thread()) return EDEADLK;
  joinable(c, t, "joins").joined = true;
  rt::join(t, c.where());
  result = records.of(c, t).result;
  return 0;
}

void detach_thread(const caller& c, thread_handle handle) {
  joinable(c, thread_of(c, handle, "detaches"), "detaches").detached = true;
}

void exit_thread(const caller& c, void* result) {
  c.run().end_history();
  auto& cleanups = cleanups_of.mine(c);
  if (cleanups.empty()) throw thread_exit{result};
  records.mine(c).result = result;
  __pthread_unwind_buf_t* const latest = cleanups.back();
  cleanups.pop_back();
  // The jump buffer of a cleanup handler is the beginning of an ordinary one.
  longjmp(reinterpret_cast<__jmp_buf_tag*>(latest->__cancel_jmp_buf), 1);
}

void run_first_thread(const std::function<void()>& body) {
  const caller here(nullptr);
  try {
    body();
    shadow::end_main();
  } catch (const thread_exit&) {
    shadow::end_main();
    join_children(here, 0);
  }
  end_program(here);
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

bool is_detached(const caller& c, const pthread_attr_t* attributes) {
  if (attributes == nullptr) return false;
  c.reads(attributes, sizeof *attributes);
  int state = PTHREAD_CREATE_JOINABLE;
  pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

int create(const caller& c, pthread_t* out, const pthread_attr_t* attributes, void* (*body)(void*),
           void* argument) {
  start_thread(c, out, body, argument, {.detached = is_detached(c, attributes)});
  return 0;
}

int join(const caller& c, pthread_t thread, void** result) {
  void* found = nullptr;
  const int error = join_thread(c, thread, found);
  if (error == 0 && result != nullptr) c.put(result, found);
  return error;
}

int detach(const caller& c, pthread_t thread) {
  detach_thread(c, thread);
  return 0;
}

int set_name(const caller& c, pthread_t thread, const char* text) {
  const rt::thread_id t = thread_of(c, thread, "names");
  const fiber::outside_heap outside;
  std::string& name = c.run().known.threads[static_cast<engine::thread_index>(t)];
  if (name != text) c.run().end_history();  // A thread that changes something does not spin.
  name = text;
  return 0;
}

int get_name(const caller& c, pthread_t thread, char* to, std::size_t size) {
  const rt::thread_id t = thread_of(c, thread, "asks for the name of");
  const fiber::outside_heap outside;
  const std::string name = c.name_of(t);
  if (name.size() >= size) return ERANGE;
  c.writes(to, name.size() + 1);
  name.copy(to, name.size());
  to[name.size()] = '\0';
  return 0;
}

int yield(const caller& c) {
  rt::yield(c.where());
  return 0;
}

void push_cleanup(const caller& c, __pthread_unwind_buf_t* buffer) {
  const fiber::outside_heap outside;
  cleanups_of.mine(c).push_back(buffer);
}

}  // namespace

PAWL_MODELS(c.is_model(), int, pthread_create,
            (pthread_t * out, const pthread_attr_t* attributes, void* (*body)(void*),
             void* argument),
            (out, attributes, body, argument), create(c, out, attributes, body, argument))
PAWL_MODELS(c.is_model(), int, pthread_join, (pthread_t thread, void** result), (thread, result),
            join(c, thread, result))
PAWL_MODELS(c.is_model(), int, pthread_detach, (pthread_t thread), (thread), detach(c, thread))
PAWL_MODELS(c.is_model(), pthread_t, pthread_self, (), (), handle_of(c.thread()))
PAWL_MODELS(c.is_model(), int, pthread_setname_np, (pthread_t thread, const char* text),
            (thread, text), set_name(c, thread, text))
PAWL_MODELS(c.is_model(), int, pthread_getname_np, (pthread_t thread, char* to, std::size_t size),
            (thread, to, size), get_name(c, thread, to, size))
PAWL_MODELS(c.is_model(), int, sched_yield, (), (), yield(c))

// Threads are not cancelled; that they might be makes no difference.
PAWL_MODELS(c.is_model(), int, pthread_setcancelstate, (int state, int* former), (state, former),
            former == nullptr ? 0 : (c.put(former, PTHREAD_CANCEL_ENABLE), 0))
PAWL_MODELS(c.is_model(), int, pthread_setcanceltype, (int type, int* former), (type, former),
            former == nullptr ? 0 : (c.put(former, PTHREAD_CANCEL_DEFERRED), 0))
PAWL_MODELS(c.is_model(), void, pthread_testcancel, (), (), void())

PAWL_HOOK void pthread_exit(void* result) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) exit_thread(c, result);
  PAWL_BEHIND(pthread_exit)(result);
  __builtin_unreachable();
}

// The same everywhere, so that executions are.
PAWL_HOOK unsigned hardware_concurrency() __asm__("_ZNSt6thread20hardware_concurrencyEv");
unsigned hardware_concurrency() { return 2; }

// What <pthread.h> declares as another name of sched_yield() is called by former programs.
PAWL_HOOK int yield_by_former_name() __asm__("pthread_yield");
int yield_by_former_name() { return sched_yield(); }

// pthread_cleanup_push() and pthread_cleanup_pop() of C.
PAWL_HOOK void __pthread_register_cancel(__pthread_unwind_buf_t* buffer) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) push_cleanup(c, buffer);
}
PAWL_HOOK void __pthread_unregister_cancel(__pthread_unwind_buf_t*) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) cleanups_of.mine(c).pop_back();
}
PAWL_HOOK void __pthread_unwind_next(__pthread_unwind_buf_t*) {
  const caller c(__builtin_return_address(0));
  exit_thread(c, records.mine(c).result);
}

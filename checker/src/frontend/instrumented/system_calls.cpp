// syscall(), which reaches the kernel past all functions that are interposed.
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>

#include "futexes.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

// What neither waits nor starts anything.
bool is_harmless(long number) {
  return number == SYS_getpid || number == SYS_getcpu || number == SYS_membarrier;
}

[[noreturn]] void refuse_call(const caller& c, long number) {
  c.fail(failure_kind::limit, "makes system call {}, which is not modelled", number);
}

long call_kernel(long number, const long* a) {
  using function = long(long, ...);
  static constinit function* found = nullptr;
  if (found == nullptr) found = reinterpret_cast<function*>(dlsym(RTLD_NEXT, "syscall"));
  return found(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

long thread_of_kernel(const caller& c) { return getpid() + static_cast<long>(c.thread()); }

}  // namespace

PAWL_HOOK long syscall(long number, ...) {
  const caller c(__builtin_return_address(0));
  if (c.is_model() && number == SYS_gettid) return thread_of_kernel(c);
  if (c.is_model() && number != SYS_futex && !is_harmless(number)) refuse_call(c, number);
  std::va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& each : arguments) each = va_arg(list, long);
  va_end(list);
  if (c.is_model() && number == SYS_futex) return call_futex(c, arguments);
  return call_kernel(number, arguments);
}
PAWL_MODELS(c.is_model(), pid_t, gettid, (), (), static_cast<pid_t>(thread_of_kernel(c)))

// What the C++ library leaves to be done when a thread ends, in thread-local memory of its own.
#include <condition_variable>
#include <mutex>

#include "caller.hpp"
#include "keys.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

struct notification {
  std::mutex* held;
  std::condition_variable* of;
};

void notify(void* what) {
  const notification n = *static_cast<notification*>(what);
  n.held->unlock();
  n.of->notify_all();
}

}  // namespace

namespace std {

[[gnu::visibility("default")]] void notify_all_at_thread_exit(condition_variable& of,
                                                              unique_lock<mutex> lock) {
  const caller c(__builtin_return_address(0));
  if (!c.is_model()) rt::misuse("a notification outside of main()", the_sites.at(c.code()));
  auto* const what = static_cast<notification*>(rt::scratch(sizeof(notification)));
  *what = {lock.release(), &of};
  call_at_thread_end(c, notify, what);
}

}  // namespace std

// Of std::promise::set_value_at_thread_exit() and the like.
struct future_at_thread_exit;
extern "C" void set_future_at_thread_exit(future_at_thread_exit*) __asm__(
    "_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv");
PAWL_HOOK void set_future_at_thread_exit(future_at_thread_exit*) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) c.refuse("std::promise::set_value_at_thread_exit");
}

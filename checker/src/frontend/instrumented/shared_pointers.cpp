// std::atomic_load() and its like for std::shared_ptr. They hold a lock that lies within the C++
// library, where pointers share a few; here each has its own.
#include <vector>

#include <pawl/check/sync/mutex.hpp>

#include "caller.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

// Those that a thread holds, the latest last; null: it is the library's.
per_thread<std::vector<const void*>> held;

rt::atomic_object& lock_of(const caller& c, const void* pointer) {
  return the_shadow.beside(c.run(), pointer, rt::show_as::mutex, c.code());
}

// True: the pointer is the program's.
bool lock(const caller& c, const void* pointer) {
  if (!c.is_model()) return false;
  const bool is_own = c.models(pointer);
  if (is_own) sync::lock(lock_of(c, pointer), false, c.where());
  const fiber::outside_heap outside;
  held.mine(c).push_back(is_own ? pointer : nullptr);
  return is_own;
}

bool unlock(const caller& c) {
  if (!c.is_model()) return false;
  std::vector<const void*>& mine = held.mine(c);
  const void* const pointer = mine.back();
  mine.pop_back();
  if (pointer != nullptr) sync::unlock(lock_of(c, pointer), false, c.where());
  return pointer != nullptr;
}

}  // namespace

// Constructors and destructor of std::_Sp_locker. Of two pointers, the second is what the first is
// compared with, which is no atomic access.
extern "C" void lock_pointer(void*, const void*) __asm__("_ZNSt10_Sp_lockerC1EPKv");
extern "C" void lock_pointers(void*, const void*,
                              const void*) __asm__("_ZNSt10_Sp_lockerC1EPKvS1_");
extern "C" void unlock_pointers(void*) __asm__("_ZNSt10_Sp_lockerD1Ev");

PAWL_HOOK void lock_pointer(void* self, const void* pointer) {
  static constinit decltype(&lock_pointer) behind = nullptr;
  if (lock(caller(__builtin_return_address(0)), pointer)) return;
  find_behind(behind, "_ZNSt10_Sp_lockerC1EPKv")(self, pointer);
}

PAWL_HOOK void lock_pointers(void* self, const void* pointer, const void* other) {
  static constinit decltype(&lock_pointers) behind = nullptr;
  if (lock(caller(__builtin_return_address(0)), pointer)) return;
  find_behind(behind, "_ZNSt10_Sp_lockerC1EPKvS1_")(self, pointer, other);
}

PAWL_HOOK void unlock_pointers(void* self) {
  static constinit decltype(&unlock_pointers) behind = nullptr;
  if (unlock(caller(__builtin_return_address(0)))) return;
  find_behind(behind, "_ZNSt10_Sp_lockerD1Ev")(self);
}

// Keys are numbered by the thread that creates them, so that they are the same in every execution.
#include "keys.hpp"

#include <errno.h>
#include <limits.h>
#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace pawl::check::instrumented {
namespace {

struct key_record {
  void (*destructor)(void*) = nullptr;
  bool exists = false;
};

// Keys of the process, which were created before main(); then those of each thread.
constexpr unsigned keys_of_process = PTHREAD_KEYS_MAX;
constexpr unsigned keys_of_thread = 64;

key_record made_before[keys_of_process];
per_thread<std::vector<key_record>> made_by;

struct thread_local_object {
  void (*destructor)(void*);
  void* object;
};
struct own_things {
  std::vector<thread_local_object> locals;
  std::vector<std::pair<unsigned, void*>> values;

  void clear() {
    locals.clear();
    values.clear();
  }
};
per_thread<own_things> things_of;

key_record* find_key(const caller& c, unsigned key) {
  if (key < keys_of_process) return made_before[key].exists ? &made_before[key] : nullptr;
  const unsigned maker = (key - keys_of_process) / keys_of_thread;
  if (maker >= rt::max_threads) return nullptr;
  auto& made = made_by.of(c, maker);
  const unsigned n = (key - keys_of_process) % keys_of_thread;
  return n < made.size() && made[n].exists ? &made[n] : nullptr;
}

key_record& existing(const caller& c, unsigned key, std::string_view does) {
  key_record* const found = find_key(c, key);
  if (found == nullptr) c.misuse("{} a key that does not exist", does);
  return *found;
}

void** find_value(const caller& c, unsigned key) {
  auto& values = things_of.mine(c).values;
  const auto at = std::ranges::find(values, key, &std::pair<unsigned, void*>::first);
  return at == values.end() ? nullptr : &at->second;
}

}  // namespace

unsigned create_key(const caller& c, void (*destructor)(void*)) {
  auto& made = made_by.mine(c);
  if (made.size() == keys_of_thread)
    c.fail(failure_kind::limit, "creates more than {} keys", keys_of_thread);
  const fiber::outside_heap outside;
  made.push_back({destructor, true});
  return keys_of_process + c.thread() * keys_of_thread + static_cast<unsigned>(made.size()) - 1;
}

void delete_key(const caller& c, unsigned key) { existing(c, key, "deletes").exists = false; }

void* value_under(const caller& c, unsigned key) {
  existing(c, key, "asks for the value under");
  void** const found = find_value(c, key);
  return found == nullptr ? nullptr : *found;
}

void set_value(const caller& c, unsigned key, void* value) {
  existing(c, key, "sets the value under");
  c.run().end_history();
  void** const found = find_value(c, key);
  if (found != nullptr) {
    *found = value;
    return;
  }
  const fiber::outside_heap outside;
  things_of.mine(c).values.emplace_back(key, value);
}

void end_thread_locals(const caller& c) {
  for (auto& locals = things_of.mine(c).locals; !locals.empty();) {
    const thread_local_object latest = locals.back();
    locals.pop_back();
    latest.destructor(latest.object);
  }
}

void call_at_thread_end(const caller& c, void (*f)(void*), void* argument) {
  const fiber::outside_heap outside;
  auto& locals = things_of.mine(c).locals;
  locals.insert(locals.begin(), {f, argument});
}

// As long as destructors leave new values, but not for ever.
void end_values(const caller& c) {
  auto& values = things_of.mine(c).values;
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
    bool called = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      void* const value = std::exchange(values[i].second, nullptr);
      const key_record* const key = find_key(c, values[i].first);
      if (value == nullptr || key == nullptr || key->destructor == nullptr) continue;
      key->destructor(value);
      called = true;
    }
    if (!called) return;
  }
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

int put_key(const caller& c, pthread_key_t* out, void (*destructor)(void*)) {
  c.put(out, create_key(c, destructor));
  return 0;
}

int take_key(const caller& c, pthread_key_t key) {
  delete_key(c, key);
  return 0;
}

int put_value(const caller& c, pthread_key_t key, void* value) {
  set_value(c, key, value);
  return 0;
}

int note_local(const caller& c, void (*destructor)(void*), void* object) {
  const fiber::outside_heap outside;
  things_of.mine(c).locals.push_back({destructor, object});
  return 0;
}

}  // namespace

PAWL_HOOK int pthread_key_create(pthread_key_t* out, void (*destructor)(void*)) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) return put_key(c, out, destructor);
  const int error = PAWL_BEHIND(pthread_key_create)(out, destructor);
  if (error == 0) made_before[*out] = {destructor, true};
  return error;
}
PAWL_MODELS(c.is_model(), int, pthread_key_delete, (pthread_key_t key), (key), take_key(c, key))
PAWL_MODELS(c.is_model(), void*, pthread_getspecific, (pthread_key_t key), (key),
            value_under(c, key))
PAWL_MODELS(c.is_model(), int, pthread_setspecific, (pthread_key_t key, const void* value),
            (key, value), put_value(c, key, const_cast<void*>(value)))

// How compilers, and the C++ library, register the destructors of thread_local objects.
extern "C" int __cxa_thread_atexit(void (*)(void*), void*, void*);
extern "C" int __cxa_thread_atexit_impl(void (*)(void*), void*, void*);
PAWL_MODELS(c.is_model(), int, __cxa_thread_atexit,
            (void (*destructor)(void*), void* object, void* library), (destructor, object, library),
            note_local(c, destructor, object))
PAWL_MODELS(c.is_model(), int, __cxa_thread_atexit_impl,
            (void (*destructor)(void*), void* object, void* library), (destructor, object, library),
            note_local(c, destructor, object))

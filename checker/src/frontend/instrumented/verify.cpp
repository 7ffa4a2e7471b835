#include "verify.hpp"

#include <pawl/verify.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <pawl/check/claims.hpp>
#include <pawl/check/sync/mutex.hpp>

#include "caller.hpp"
#include "hooks.hpp"
#include "iterations.hpp"
#include "program.hpp"
#include "threads.hpp"

namespace pawl::check::instrumented {
namespace {

constinit rt::atomic_object section{.show = rt::show_as::mutex};
std::bitset<rt::max_threads> inside;           // Of the section, for each thread.
std::array<unsigned, rt::max_threads> nested;  // Atomic functions that were called inside of it.

// Where the program calls, which has done what it did before.
rt::site here(const void* code) {
  (void)active();
  return the_sites.at(code);
}

// Each value from `least` to `most`, one per execution.
[[gnu::always_inline]] inline std::int64_t any_of(std::int64_t least, std::int64_t most,
                                                  const void* code) {
  runtime* const r = active();
  if (r == nullptr || least == most) return least;
  note_iteration(*r, __builtin_frame_address(0), code);
  return least + check::choose(static_cast<std::uint32_t>(most - least + 1), here(code));
}

template <class T>
[[gnu::always_inline]] inline T unknown(const void* code) {
  if (active() == nullptr) return T{0};
  auto [least, most] = the_program->settings().unknowns;
  if (std::is_unsigned_v<T>) {
    least = std::max<std::int64_t>(least, 0);
    most = std::max<std::int64_t>(most, 0);
  }
  return static_cast<T>(any_of(least, most, code));
}

// `frame`: of a function that has saved all registers.
void begin_section(const void* code, const void* frame) {
  runtime* const r = active();
  if (r == nullptr) return;
  if (inside[r->running()]) rt::misuse("an atomic section begins inside another", here(code));
  note_iteration(*r, frame, code);
  check::name(&section, "the atomic section");
  r->stand_in(frame);
  sync::lock(section, false, here(code));
  inside[r->running()] = true;
}

void end_section(const void* code) {
  runtime* const r = active();
  if (r == nullptr) return;
  if (!inside[r->running()]) rt::misuse("an atomic section ends that has not begun", here(code));
  inside[r->running()] = false;
  sync::unlock(section, false, here(code));
}

// What a function is by its name.
enum class role : std::uint8_t { none, atomic, error };

// The name of a function that is in no namespace, also one of C++.
std::string_view plain_name(std::string_view symbol) {
  if (!symbol.starts_with("_Z")) return symbol;
  const std::string_view rest = symbol.substr(symbol.starts_with("_ZL") ? 3 : 2);
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
  return error == std::errc() ? rest.substr(static_cast<std::size_t>(end - rest.data()), size)
                              : symbol;
}

// `code` is in the function, not its beginning.
role role_of(const void* code) {
  const fiber::outside_heap outside;
  static std::unordered_map<const void*, role>& known = *new std::unordered_map<const void*, role>;
  const auto [at, is_new] = known.try_emplace(code);
  if (is_new) {
    const std::string symbol = sites::function_at(code);
    const std::string_view name = plain_name(symbol);
    at->second = name.starts_with("__VERIFIER_atomic_") ? role::atomic
                 : name == "reach_error"                ? role::error
                                                        : role::none;
  }
  return at->second;
}

void fail_by_name(const void* code) { require(false, "reach_error() is reached", here(code)); }

per_run<std::vector<void*>> retired;

void retire(const caller& c, void* block) {
  const fiber::outside_heap outside;
  auto& all = retired.get(c);
  if (std::ranges::find(all, block) != all.end())
    c.misuse("retires {}, which is retired already", the_sites.describe(block));
  all.push_back(block);
}

// True if the thread was started by the running one, with its latest event.
bool is_just_started(runtime& r, pthread_t thread) {
  const std::uint16_t n = r.thread(r.running()).executed;
  if (n == 0) return false;
  const engine::event& latest = r.search.graph.at({r.running(), n});
  return latest.op == engine::operation::spawn && latest.read + 1 == thread;
}

}  // namespace

void forget_sections() {
  inside.reset();
  nested = {};
}

std::span<void* const> retired_blocks(const runtime& r) { return retired.get(r); }

bool is_atomic(const void* code) { return active() != nullptr && role_of(code) == role::atomic; }

void enter_atomic_function(const void* code, const void* frame) {
  const runtime& r = *runtime::current();
  if (inside[r.running()])
    ++nested[r.running()];
  else
    begin_section(code, frame);
}

void leave_function(const void* code) {
  runtime* const r = active();
  if (r == nullptr || role_of(code) != role::atomic) return;
  if (unsigned& n = nested[r->running()]; n != 0)
    --n;
  else
    end_section(code);
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

PAWL_HOOK void pawl_assume(int condition) {
  if (condition == 0) assume(false, here(__builtin_return_address(0)));
}
PAWL_HOOK void pawl_fail(const char* what) {
  require(false, what, here(__builtin_return_address(0)));
  __builtin_unreachable();
}
PAWL_HOOK std::uint32_t pawl_choose(std::uint32_t n) {
  const void* const code = __builtin_return_address(0);
  if (runtime* const r = active()) note_iteration(*r, __builtin_frame_address(0), code);
  return choose(n, here(code));
}
PAWL_HOOK std::int64_t pawl_unknown() { return unknown<std::int64_t>(__builtin_return_address(0)); }
PAWL_HOOK void pawl_name(const void* object, const char* text) {
  if (active() == nullptr) return;
  name(object, text);  // Where it is pointed to.
  the_sites.name(object, text);
}
PAWL_HOOK void pawl_name_thread(const char* text) {
  if (active() != nullptr) name_thread(text);
}
PAWL_HOOK void pawl_atomic_begin() {
  __builtin_unwind_init();
  begin_section(__builtin_return_address(0), __builtin_frame_address(0));
  keep_frame();
}
PAWL_HOOK void pawl_atomic_end() { end_section(__builtin_return_address(0)); }
PAWL_HOOK int pawl_spawn_symmetric(pthread_t* out, void* (*body)(void*), void* argument,
                                   pthread_t twin) {
  const caller c(__builtin_return_address(0));
  if (!c.is_model()) return pthread_create(out, nullptr, body, argument);
  start_thread(c, out, body, argument, {.twin = is_just_started(c.run(), twin)});
  return 0;
}

// For programs that declare them, and include no header that has them.
#undef __VERIFIER_spawn
#undef __VERIFIER_spawn_symmetric
#undef __VERIFIER_join
#undef __VERIFIER_join_symmetric
static pthread_t start(const caller& c, void* (*body)(void*), void* argument, start_options how) {
  pthread_t started{};
  if (c.is_model())
    start_thread(c, &started, body, argument, how);
  else
    pthread_create(&started, nullptr, body, argument);
  return started;
}
static void* join(const caller& c, pthread_t thread) {
  void* returned = nullptr;
  c.is_model() ? join_thread(c, thread, returned) : pthread_join(thread, &returned);
  return returned;
}
PAWL_HOOK pthread_t __VERIFIER_spawn(void* (*body)(void*), void* argument) {
  return start(caller(__builtin_return_address(0)), body, argument, {});
}
PAWL_HOOK pthread_t __VERIFIER_spawn_symmetric(void* (*body)(void*), void* argument,
                                               pthread_t twin) {
  const caller c(__builtin_return_address(0));
  return start(c, body, argument, {.twin = c.is_model() && is_just_started(c.run(), twin)});
}
PAWL_HOOK void* __VERIFIER_join(pthread_t thread) {
  return join(caller(__builtin_return_address(0)), thread);
}
PAWL_HOOK void __VERIFIER_join_symmetric(pthread_t thread) {
  join(caller(__builtin_return_address(0)), thread);
}

PAWL_HOOK void __VERIFIER_assume(int condition) {
  if (condition == 0) assume(false, here(__builtin_return_address(0)));
}
PAWL_HOOK void __VERIFIER_error() {
  require(false, "__VERIFIER_error() is reached", here(__builtin_return_address(0)));
  __builtin_unreachable();
}
// Called by files that define reach_error(), at the beginning of each function in them.
PAWL_HOOK void __cyg_profile_func_enter(void* function, void* caller) {
  if (active() != nullptr && role_of(static_cast<std::byte*>(function) + 1) == role::error)
    fail_by_name(caller);
}
PAWL_HOOK void __cyg_profile_func_exit(void*, void*) {}
PAWL_HOOK void reach_error() { fail_by_name(__builtin_return_address(0)); }
PAWL_HOOK void __VERIFIER_assert(int condition) {
  require(condition != 0, "a __VERIFIER_assert() does not hold", here(__builtin_return_address(0)));
}
PAWL_HOOK void __VERIFIER_atomic_begin() {
  __builtin_unwind_init();
  begin_section(__builtin_return_address(0), __builtin_frame_address(0));
  keep_frame();
}
PAWL_HOOK void __VERIFIER_atomic_end() { end_section(__builtin_return_address(0)); }
PAWL_HOOK void __VERIFIER_hp_retire(void* block) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) retire(c, block);
}
PAWL_HOOK void __VERIFIER_loop_begin() {}
PAWL_HOOK void __VERIFIER_spin_start() {}
PAWL_HOOK void __VERIFIER_spin_end(int condition) {
  if (condition == 0) assume(false, here(__builtin_return_address(0)));
}

#define PAWL_UNKNOWN(name, type) \
  PAWL_HOOK type __VERIFIER_nondet_##name() { return unknown<type>(__builtin_return_address(0)); }
PAWL_UNKNOWN(char, char)
PAWL_UNKNOWN(short, short)
PAWL_UNKNOWN(int, int)
PAWL_UNKNOWN(long, long)
PAWL_UNKNOWN(uchar, unsigned char)
PAWL_UNKNOWN(ushort, unsigned short)
PAWL_UNKNOWN(uint, unsigned int)
PAWL_UNKNOWN(unsigned, unsigned int)
PAWL_UNKNOWN(ulong, unsigned long)
PAWL_UNKNOWN(longlong, long long)
PAWL_UNKNOWN(ulonglong, unsigned long long)
PAWL_UNKNOWN(size_t, std::size_t)
PAWL_UNKNOWN(u8, std::uint8_t)
PAWL_UNKNOWN(u16, std::uint16_t)
PAWL_UNKNOWN(u32, std::uint32_t)
PAWL_UNKNOWN(float, float)
PAWL_UNKNOWN(double, double)
PAWL_HOOK bool __VERIFIER_nondet_bool() { return any_of(0, 1, __builtin_return_address(0)) != 0; }

#include "thread_locals.hpp"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "../../engine/segments.hpp"
#include "../../fiber/context.hpp"
#include "../../fiber/memory.hpp"
#include "behind.hpp"
#include "hooks.hpp"

namespace pawl::check::instrumented {
namespace {

#if defined(__x86_64__)
constexpr unsigned long by_instruction = 2;  // HWCAP2_FSGSBASE
const bool can_set_by_instruction = (getauxval(AT_HWCAP2) & by_instruction) != 0;
#endif

void set_thread_pointer(void* to) {
#if defined(__x86_64__)
  constexpr long set_fs = 0x1002;  // ARCH_SET_FS
  if (can_set_by_instruction)
    asm volatile("wrfsbase %0" : : "r"(to) : "memory");
  else
    syscall(SYS_arch_prctl, set_fs, to);
#elif defined(__aarch64__)
  asm volatile("msr tpidr_el0, %0" : : "r"(to) : "memory");
#else
#error "thread-local variables need this machine's thread pointer"
#endif
}

// Of the calling OS thread.
struct parts {
  std::span<std::byte> program, checker;
};

parts own_parts() {
  parts out;
  engine::visit_segments([&out](const engine::segment& s) {
    if (s.type != PT_TLS || s.thread_locals == nullptr) return;
    const std::span all{static_cast<std::byte*>(s.thread_locals), s.end - s.begin};
    const auto* const own = reinterpret_cast<const std::byte*>(&fiber::active_heap);
    if (s.is_of_executable() && out.program.empty()) out.program = all;
    if (own >= all.data() && own < all.data() + all.size()) out.checker = all;
  });
  return out;
}

}  // namespace

// All that an execution needs of it lies in one line of the cache.
struct alignas(64) thread_locals::block {
  void* pointer = nullptr;
  parts own;
  std::unique_ptr<std::byte[]> fresh;  // The program's, when the thread begins.
  int* error_number = nullptr;
  fiber::exception_state* exceptions = nullptr;
  std::atomic<bool> known{false};

  void find() {
    pointer = __builtin_thread_pointer();
    own = own_parts();
    fresh = std::make_unique_for_overwrite<std::byte[]>(own.program.size());
    std::ranges::copy(own.program, fresh.get());
    error_number = &errno;
    exceptions = &fiber::live_exceptions();
    // [locals.1] release: publishes what was found; pairs with [locals.2]
    known.store(true, std::memory_order_release);
    known.notify_one();
  }
  void start(unsigned t);
  [[noreturn]] static void* sleep_for_ever(void* self) {
    static_cast<block*>(self)->find();
    for (;;) PAWL_BEHIND(pause)();
  }
};

// Signals are for the thread that explores.
void thread_locals::block::start(unsigned t) {
  constexpr std::size_t beside = std::size_t{128} << 10, page = 4096;
  const std::size_t size = (own_parts().program.size() + beside) / page * page;
  void* const wish = reinterpret_cast<void*>(
      fiber::region::first_address + t * fiber::region::thread_span + fiber::thread_memory::mapped);
  void* const memory = mmap(wish, size, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (memory == MAP_FAILED) throw fiber::out_of_memory();
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, memory, size);
  sigset_t all, before;
  sigfillset(&all);
  PAWL_BEHIND(pthread_sigmask)(SIG_BLOCK, &all, &before);
  pthread_t sleeper{};
  const int error = PAWL_BEHIND(pthread_create)(&sleeper, &attributes, sleep_for_ever, this);
  PAWL_BEHIND(pthread_sigmask)(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (error != 0) throw fiber::out_of_memory();
  // [locals.2] acquire: what the other thread found is used from here on; pairs with [locals.1]
  known.wait(false, std::memory_order_acquire);
}

thread_locals::thread_locals() {
  mallopt(M_ARENA_MAX, 1);  // Else the checker allocates elsewhere for each thread.
  blocks_[0] = std::make_unique<block>();
  blocks_[0]->find();
  pointers_[0] = blocks_[0]->pointer;
}

thread_locals::~thread_locals() = default;

std::span<std::byte> thread_locals::of_first() { return own_parts().program; }

std::span<const std::byte> thread_locals::of(unsigned t) const {
  return blocks_[t] == nullptr ? std::span<const std::byte>() : blocks_[t]->own.program;
}

void thread_locals::put_back() {
  first_errno_ = 0;
  for (const auto& b : blocks_) {
    if (b == nullptr) continue;
    std::copy_n(b->fresh.get(), b->own.program.size(), b->own.program.begin());
    if (b == blocks_[0]) continue;
    std::ranges::copy(blocks_[0]->own.checker, b->own.checker.begin());
    *b->error_number = 0;
    *b->exceptions = {};
  }
}

void thread_locals::make(unsigned t) {
  end();  // Threads are started by the first one.
  auto made = std::make_unique<block>();
  made->start(t);
  std::ranges::copy(blocks_[0]->own.checker, made->own.checker.begin());
  pointers_[t] = made->pointer;
  blocks_[t] = std::move(made);
}

void thread_locals::exchange(unsigned t) {
  if (pointers_[t] == nullptr) [[unlikely]]
    make(t);
  set_thread_pointer(pointers_[t]);
  now_ = t;
}

// The checker's own variables say what runs, which is the same for all threads during an execution,
// and who allocates memory, which each thread puts right before it stands still: so the checker can
// work with those of any thread.
void thread_locals::enter(unsigned t) {
  if (now_ != t) exchange(t);
  if (t == 0) errno = first_errno_;
}

void thread_locals::leave(unsigned t) {
  if (t == 0) first_errno_ = errno;
}

void thread_locals::end() {
  if (now_ != 0) exchange(0);
}

}  // namespace pawl::check::instrumented

#include "crash.hpp"

#include <fmt/format.h>
#include <ucontext.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "describe.hpp"
#include "runtime.hpp"
#include "write_watch.hpp"

namespace pawl::check::engine {
namespace {

constexpr std::size_t stack_size = 64 * 1024;
thread_local std::byte* landing_stack = nullptr;
thread_local int crash_signal = 0;
thread_local void* crash_address = nullptr;

const char* in_words(int signal) {
  switch (signal) {
    case SIGBUS:
      return "a bus error";
    case SIGFPE:
      return "an arithmetic error";
    case SIGILL:
      return "an illegal instruction";
    case SIGABRT:
      return "a call of abort()";
    default:
      return "a segmentation fault";
  }
}

// Runs on a stack of its own, outside of the signal handler, in place of the code that crashed.
[[noreturn]] void land() {
  runtime& r = *runtime::current();
  fiber::outside_heap outside;
  const auto* const address = static_cast<const unsigned char*>(crash_address);
  const std::string who = thread_name(r, r.running());
  if (crash_signal == SIGSEGV && r.thread(r.running()).memory.in_guard(address))
    r.fail(failure_kind::limit, fmt::format("{} overflowed its stack of {} MiB", who,
                                            fiber::thread_memory::stack_size >> 20));
  const auto word = reinterpret_cast<std::uintptr_t>(address);
  const bool freed = crash_signal == SIGSEGV && (word >> 40 == 0xdddddd || word == 0);
  std::string at = crash_signal == SIGSEGV ? fmt::format(" at address {:#x}", word) : "";
  r.fail(failure_kind::crash, fmt::format("{} ended with {}{}", who, in_words(crash_signal), at),
         freed && word != 0 ? std::vector<std::string>{"the address looks like freed memory"}
                            : std::vector<std::string>{});
}

bool on_model_thread() { return runtime::current() != nullptr && runtime::current()->inside(); }

const void* instruction(const mcontext_t& machine) {
#if defined(__x86_64__)
  return reinterpret_cast<const void*>(machine.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return reinterpret_cast<const void*>(machine.pc);
#endif
}

// True if it was a write to static data that may go on.
bool is_noticed_write(const siginfo_t& info, const mcontext_t& machine) {
  const void* const code = instruction(machine);
  if (info.si_code != SEGV_ACCERR || code == info.si_addr || !write_watch::open(info.si_addr))
    return false;
  if (on_model_thread() && !write_watch::is_linker(code)) runtime::current()->note_static_write();
  return true;
}

constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// What acted before the outermost crash_watch.
struct {
  struct sigaction on[std::size(signals)];
  std::terminate_handler terminate = nullptr;
} former;

std::atomic<int>& watches =
    *new std::atomic<int>{0};  // That live. No static data: see write_watch.

void act_as_before(int signal, siginfo_t* info, void* context) {
  const struct sigaction& action = former.on[std::ranges::find(signals, signal) - signals];
  if ((action.sa_flags & SA_SIGINFO) != 0) return action.sa_sigaction(signal, info, context);
  if (action.sa_handler == SIG_IGN) return;
  if (action.sa_handler != SIG_DFL) return action.sa_handler(signal);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void handle(int signal, siginfo_t* info, void* context) {
  auto* const machine = &static_cast<ucontext_t*>(context)->uc_mcontext;
  if (signal == SIGSEGV && is_noticed_write(*info, *machine)) return;
  if (!on_model_thread()) return act_as_before(signal, info, context);
  crash_signal = signal;
  crash_address = info->si_addr;
  const auto top = reinterpret_cast<std::uintptr_t>(landing_stack + stack_size);
#if defined(__x86_64__)
  machine->gregs[REG_RSP] = static_cast<greg_t>(top - 8);  // As after a call.
  machine->gregs[REG_RIP] = reinterpret_cast<greg_t>(&land);
#elif defined(__aarch64__)
  machine->sp = top;
  machine->pc = reinterpret_cast<std::uintptr_t>(&land);
#else
#error "crash reports need this machine's registers"
#endif
}

void on_terminate() {
  if (on_model_thread()) {
    runtime& r = *runtime::current();
    fiber::outside_heap outside;
    r.fail(failure_kind::exception,
           fmt::format("{} called std::terminate{}", thread_name(r, r.running()),
                       std::current_exception() ? ": an exception could not be passed on" : ""));
  }
  if (former.terminate != nullptr) former.terminate();
  std::abort();
}

bool watches_exit = false;

// exit() runs each handler once, so the one that has caught a model registers itself again.
void on_exit() {
  watches_exit = false;
  if (!on_model_thread()) return;
  watches_exit = std::atexit(on_exit) == 0;
  runtime& r = *runtime::current();
  fiber::outside_heap outside;
  r.fail(failure_kind::crash,
         fmt::format("{} ended the process with exit()", thread_name(r, r.running())));
}

}  // namespace

signal_stack::signal_stack()
    : handler_(new std::byte[stack_size]),
      landing_(new std::byte[stack_size]),
      former_landing_(landing_stack) {
  landing_stack = landing_.get();
  const stack_t stack{handler_.get(), 0, stack_size};
  sigaltstack(&stack, &former_);
}

signal_stack::~signal_stack() {
  sigaltstack(&former_, nullptr);
  landing_stack = former_landing_;
}

crash_watch::crash_watch() {
  if (watches++ > 0) return;
  if (!watches_exit) watches_exit = std::atexit(on_exit) == 0;
  former.terminate = std::set_terminate(on_terminate);
  struct sigaction action{};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (std::size_t i = 0; i < std::size(signals); ++i)
    sigaction(signals[i], &action, &former.on[i]);
}

crash_watch::~crash_watch() {
  if (--watches > 0) return;
  for (std::size_t i = 0; i < std::size(signals); ++i)
    sigaction(signals[i], &former.on[i], nullptr);
  std::set_terminate(former.terminate);
}

}  // namespace pawl::check::engine

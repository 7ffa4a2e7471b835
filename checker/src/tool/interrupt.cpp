#include "tool/interrupt.hpp"

#include <dlfcn.h>
#include <unistd.h>

namespace pawl::check::tool {
namespace {

constexpr int exit_interrupted = 130;  // 128 + SIGINT, as shells report it.

// The C library's: what is called _exit here may be that of a program that is checked, which is
// modelled.
void (*leave)(int) = _exit;

volatile std::sig_atomic_t presses = 0, relayed = 0;

void on_interrupt(int, siginfo_t* info, void*) {
  if (info->si_code == SI_QUEUE) {
    relayed = 1;
    return;
  }
  if (presses > 0) leave(exit_interrupted);
  presses = 1;
}

}  // namespace

interrupt_guard::interrupt_guard() noexcept {
  presses = 0;
  relayed = 0;
  if (void* const found = dlsym(RTLD_NEXT, "_exit")) leave = reinterpret_cast<void (*)(int)>(found);
  struct sigaction action{};
  action.sa_sigaction = on_interrupt;
  // The signal may arrive on the small stack of a model thread.
  action.sa_flags = SA_RESTART | SA_ONSTACK | SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &previous_);
}

interrupt_guard::~interrupt_guard() { sigaction(SIGINT, &previous_, nullptr); }

bool interrupt_guard::requested() const noexcept { return presses > 0 || relayed > 0; }

}  // namespace pawl::check::tool

// What goes past all functions that are modelled, to the kernel.
// expect other: FAIL limit: makes system call
// expect semaphore: FAIL limit: main calls sem_open(), which is not modelled
// expect raise: FAIL limit: main calls raise(), which is not modelled
// expect abort: FAIL crash: main ended with a call of abort()
// expect interval: FAIL limit: main calls setitimer(), which is not modelled
// expect timer: FAIL limit: main calls timer_create(), which is not modelled
// expect wide: FAIL limit: main calls wscanf(), which is not modelled
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

int main(int count, char** arguments) {
  assert(count == 2 && syscall(SYS_gettid) == gettid());
  switch (arguments[1][0]) {
    case 'o':
      syscall(SYS_sched_yield);
      break;
    case 'r':
      raise(SIGUSR1);
      break;
    case 'a':
      raise(SIGABRT);
      break;
    case 'w': {
      wchar_t c;
      assert(wscanf(L"%lc", &c) == 1);
      break;
    }
    case 'i':
      setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 1000}}, NULL);
      break;
    case 't':
      timer_create(CLOCK_REALTIME, NULL, &(timer_t){0});
      break;
    default:
      sem_open("/of-processes", O_CREAT, 0600, 1);
  }
  return 0;
}

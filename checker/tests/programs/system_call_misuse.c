// What goes past all functions that are modelled, to the kernel.
// expect other: FAIL limit: makes system call
// expect semaphore: FAIL limit: main calls sem_open(), which is not modelled
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char** arguments) {
  assert(count == 2 && syscall(SYS_gettid) == gettid());
  switch (arguments[1][0]) {
    case 'o':
      syscall(SYS_sched_yield);
      break;
    default:
      sem_open("/of-processes", O_CREAT, 0600, 1);
  }
  return 0;
}

// There is no such thread to schedule.
// expect: FAIL misuse: schedules a thread that was never created
#define _GNU_SOURCE
#include <pthread.h>

int main(void) {
  const pthread_t none = 0;
  return pthread_setschedprio(none, 0);
}

// Virtual time: it stands still but for those who sleep.
// expect: PASS complete=1 blocked=0
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void* sleeps(void* unused) {
  sleep(100);
  return unused;
}

int main(void) {
  struct timespec before, after, half = {.tv_nsec = 500000000};
  clock_gettime(CLOCK_MONOTONIC, &before);
  const time_t date = time(NULL);
  pthread_t t;
  pthread_create(&t, NULL, sleeps, NULL);
  sleep(1);
  usleep(500000);
  nanosleep(&half, NULL);
  clock_gettime(CLOCK_MONOTONIC, &after);
  assert(after.tv_sec - before.tv_sec == 2 && after.tv_nsec == before.tv_nsec);
  after.tv_sec += 3;
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &after, NULL);
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &before, NULL);
  struct timeval day;
  gettimeofday(&day, NULL);
  assert(day.tv_sec == date + 5 && time(NULL) == date + 5);
  pthread_join(t, NULL);
  return 0;
}

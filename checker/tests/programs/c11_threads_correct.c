// expect: PASS complete=2
#include <assert.h>
#include <stddef.h>
#include <threads.h>
#include <time.h>

static mtx_t m, again;
static cnd_t changed;
static once_flag flag = ONCE_FLAG_INIT;
static tss_t key;
static thread_local int own;
static thrd_t t;
int ready, calls, destroyed;

static void count(void) { ++calls; }
static void destroy(void* value) { destroyed += *(int*)value; }

static int body(void* argument) {
  assert(thrd_equal(t, thrd_current()));
  own = 5;
  tss_set(key, argument);
  mtx_lock(&m);
  ready = 1;
  cnd_broadcast(&changed);
  mtx_unlock(&m);
  if (tss_get(key) == argument) thrd_exit(own);
  return 0;
}

int main(void) {
  mtx_init(&m, mtx_timed);
  mtx_init(&again, mtx_plain | mtx_recursive);
  cnd_init(&changed);
  tss_create(&key, destroy);
  call_once(&flag, count);
  call_once(&flag, count);
  int argument = 3, result = 0;
  assert(thrd_create(&t, body, &argument) == thrd_success);
  mtx_lock(&m);
  while (!ready) cnd_wait(&changed, &m);
  mtx_unlock(&m);
  thrd_join(t, &result);
  assert(result == 5 && own == 0 && calls == 1 && destroyed == 3);
  mtx_lock(&again);
  assert(mtx_trylock(&again) == thrd_success);
  mtx_unlock(&again);
  mtx_unlock(&again);
  struct timespec before, after;
  timespec_get(&before, TIME_UTC);
  thrd_sleep(&(struct timespec){.tv_sec = 2}, NULL);
  timespec_get(&after, TIME_UTC);
  assert(after.tv_sec - before.tv_sec == 2);
  mtx_destroy(&m);
  cnd_destroy(&changed);
  return 0;
}

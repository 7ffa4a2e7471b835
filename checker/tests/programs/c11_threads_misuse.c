// expect -DFREE: FAIL misuse: main unlocks m, which is free
// expect -DTWICE: FAIL misuse: main joins thread 1, which was joined already
// expect -DLOST: FAIL deadlock: a notification of changed
// expect -DUNLOCKED: FAIL misuse: main waits with m, which is free
// expect -DDELETED: FAIL misuse: main asks for the value under a key that does not exist
#include <stddef.h>
#include <threads.h>

static mtx_t m;
static cnd_t changed;

static int body(void* unused) {
  (void)unused;
  cnd_signal(&changed);
  return 0;
}

int main(void) {
  mtx_init(&m, mtx_plain);
  cnd_init(&changed);
  thrd_t t;
  thrd_create(&t, body, NULL);
#ifdef FREE
  mtx_unlock(&m);
#endif
#ifdef UNLOCKED
  cnd_wait(&changed, &m);
#endif
#ifdef LOST
  mtx_lock(&m);
  cnd_wait(&changed, &m);
  mtx_unlock(&m);
#endif
  thrd_join(t, NULL);
#ifdef TWICE
  thrd_join(t, NULL);
#endif
#ifdef DELETED
  tss_t key;
  tss_create(&key, NULL);
  tss_delete(key);
  tss_get(key);
#endif
  return 0;
}

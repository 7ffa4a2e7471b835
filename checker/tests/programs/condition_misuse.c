// expect -DLOST: FAIL deadlock: notification
// expect -DUNLOCKED: FAIL misuse: main waits with m, which is free
// expect -DDESTROYED: FAIL misuse: main destroys changed, which is waited on by thread 1
// expect -DIF: FAIL assertion: ready == 1
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

static void* body(void* unused) {
#ifdef LOST
  ready = 1;  // Not under the mutex: the waiting thread may just have looked.
  pthread_cond_signal(&changed);
#elif defined(DESTROYED)
  pthread_mutex_lock(&m);
  if (ready == 0) {
    ready = 1;
    pthread_cond_wait(&changed, &m);
  }
  pthread_mutex_unlock(&m);
#elif defined(IF)
  pthread_mutex_lock(&m);
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&m);
  pthread_mutex_lock(&m);
  ready = 1;
  pthread_mutex_unlock(&m);
  pthread_cond_signal(&changed);
#endif
  return unused;
}

int main(void) {
  pthread_t t;
#ifdef LOST
  // The mutex protects nothing; without plain data, that is no race.
  pthread_create(&t, NULL, body, NULL);
  pthread_mutex_lock(&m);
  pthread_cond_wait(&changed, &m);
  pthread_mutex_unlock(&m);
#else
#ifdef UNLOCKED
  pthread_cond_wait(&changed, &m);
#endif
  pthread_create(&t, NULL, body, NULL);
#ifdef DESTROYED
  pthread_mutex_lock(&m);
  if (ready == 1) pthread_cond_destroy(&changed);
  ready = 2;
  pthread_mutex_unlock(&m);
#endif
#ifdef IF
  pthread_mutex_lock(&m);
  if (!ready) pthread_cond_wait(&changed, &m);
  assert(ready == 1);
  pthread_mutex_unlock(&m);
#endif
#endif
  pthread_join(t, NULL);
  return 0;
}

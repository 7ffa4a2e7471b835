// Each thread has its own value, which is destroyed when it ends, by whatever way.
// expect: PASS complete=1 blocked=0
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key, other;
int destroyed[2];

static void destroy(void* value) {
  ++destroyed[*(int*)value];
  free(value);
}

static void* body(void* argument) {
  assert(pthread_getspecific(key) == NULL);
  int* const value = malloc(sizeof *value);
  *value = (int)(size_t)argument;
  pthread_setspecific(key, value);
  pthread_setspecific(other, &key);
  assert(pthread_getspecific(key) == value);
  if (*value == 1) pthread_exit(NULL);
  return NULL;
}

int main(void) {
  pthread_key_create(&key, destroy);
  pthread_key_create(&other, NULL);
  pthread_t t[2];
  for (size_t i = 0; i < 2; ++i) pthread_create(&t[i], NULL, body, (void*)i);
  for (size_t i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  assert(destroyed[0] == 1 && destroyed[1] == 1);
  assert(pthread_getspecific(other) == NULL);
  pthread_key_delete(key);
  return 0;
}

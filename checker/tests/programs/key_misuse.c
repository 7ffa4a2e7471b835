// expect -DNEVER_CREATED: FAIL misuse: main sets the value under a key that does not exist
// expect -DDELETED: FAIL misuse: main asks for the value under a key that does not exist
// expect -DLEAKS: FAIL leak: 1 block
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;

static void* body(void* unused) {
  pthread_setspecific(key, malloc(4));
  return unused;
}

int main(void) {
#ifdef NEVER_CREATED
  pthread_setspecific(key + 7, &key);
#endif
  pthread_key_create(&key, NULL);
  pthread_t t;
  pthread_create(&t, NULL, body, NULL);
  pthread_join(t, NULL);
#ifdef DELETED
  pthread_key_delete(key);
  pthread_getspecific(key);
#endif
  return 0;
}

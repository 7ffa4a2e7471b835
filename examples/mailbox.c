// A bug to catch: who sees the flag should see the letter, but the store of the flag is relaxed.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

int letter;
atomic_int flag;

void* send(void* unused) {
  letter = 42;
  atomic_store_explicit(&flag, 1, memory_order_relaxed);  // release is what it takes
  puts("sent");
  return unused;
}

int main(void) {
  pthread_t sender;
  pthread_create(&sender, NULL, send, NULL);
  if (atomic_load_explicit(&flag, memory_order_acquire)) assert(letter == 42);
  pthread_join(sender, NULL);
  return 0;
}

// Who sees the flag sees the data.
#include <assert.h>
#include <pawl/verify.h>
#include <pthread.h>
#include <stdatomic.h>

int data;
atomic_int flag;

void* publish(void* unused) {
  data = 42;
  atomic_store_explicit(&flag, 1, memory_order_release);
  return unused;
}

int main(void) {
  pthread_t writer;
  pawl_name(&flag, "flag");
  pthread_create(&writer, 0, publish, 0);
  if (atomic_load_explicit(&flag, memory_order_acquire) == 1) assert(data == 42);
  pthread_join(writer, 0);
  return 0;
}

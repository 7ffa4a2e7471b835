// Functions of the C library access no more than they need, and what a mutex protects is in order.
// expect: PASS complete=2 blocked=0
// expect -DBESIDE: PASS complete=1 blocked=0
#define _GNU_SOURCE
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
char text[16] = "one", other[16] = "two";

#ifdef BESIDE

// The other thread changes what lies behind.
static void* body(void* unused) {
  assert(strlen(text) == 3);
  assert(strcmp(other, "ta") > 0);
  assert(strncmp(other, "twig", 2) == 0);
  assert(memchr(other, 'w', sizeof other) == other + 1);
  assert(strchr(other, 'w') == other + 1);
  printf("%.*s\n", 2, other);
  snprintf(text, 4, "%d", 12345);
  assert(strcmp(text, "123") == 0);
  return unused;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, body, NULL);
  text[4] = 'x';
  other[2] = 'x';
  pthread_join(t, NULL);
  return 0;
}

#else

static int compare(const void* a, const void* b) { return *(const char*)a - *(const char*)b; }

static void* body(void* name) {
  pthread_mutex_lock(&m);
  strcpy(text, name);
  strcat(text, "!");
  const size_t n = strlen(text);
  assert(text[n - 1] == '!' && strncmp(text, name, n - 1) == 0);
  qsort(text, n, 1, compare);
  assert(text[0] == '!');
  snprintf(other, sizeof other, "%s %ld", text, strtol("12x", NULL, 10));
  printf("%s %zu\n", other, n);
  char* const copy = strdup(other);
  assert(strcmp(copy, other) == 0 && strstr(copy, " 12") == copy + n);
  free(copy);
  memset(other, 0, 8);
  pthread_mutex_unlock(&m);
  return NULL;
}

int main(void) {
  static char first[] = "first", second[] = "second";
  pthread_t t[2];
  pthread_create(&t[0], NULL, body, first);
  pthread_create(&t[1], NULL, body, second);
  for (int i = 0; i < 2; ++i) pthread_join(t[i], NULL);
  assert(strcmp(text, "!first") == 0 || strcmp(text, "!cdenos") == 0);
  return 0;
}

#endif

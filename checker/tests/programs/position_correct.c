// A loop that reads on does not spin, although it looks at nothing new: where its file or stream
// stands is state. What has come to the end stays there.
// input: abcdefg
// expect getchar: PASS complete=8 blocked=0
// expect unlocked: PASS complete=8 blocked=0
// expect fgets: PASS complete=8 blocked=0
// expect fread: PASS complete=8 blocked=0
// expect getdelim: PASS complete=2 blocked=0
// expect scanf: PASS complete=8 blocked=0
// expect read: PASS complete=8 blocked=0
// expect readv: PASS complete=8 blocked=0
// expect until_told: PASS complete=8 blocked=1
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int stop;

// Each reads one byte, but for the one that reads all, and returns 0 at the end.
static int by_getchar(void) { return getchar() != EOF; }
static int by_unlocked(void) { return getc_unlocked(stdin) != EOF; }
static int by_fgets(void) {
  static char text[2];
  return fgets(text, 2, stdin) != NULL;
}
static int by_fread(void) {
  static char c;
  return fread(&c, 1, 1, stdin) == 1;
}
static int by_getdelim(void) {
  static char* text;
  static size_t room;
  const int found = getdelim(&text, &room, 'x', stdin) >= 0;
  if (found) return 1;
  free(text);
  return 0;
}
static int by_scanf(void) {
  static char c;
  return scanf("%c", &c) == 1;
}
static int by_read(void) {
  static char c;
  return read(STDIN_FILENO, &c, 1) == 1;
}
static int by_readv(void) {
  static char c;
  const struct iovec part = {&c, 1};
  return readv(STDIN_FILENO, &part, 1) == 1;
}
static int until_told(void) {
  getchar();
  return 1;
}

static const struct {
  const char* name;
  int (*reads)(void);
} all[] = {{"getchar", by_getchar}, {"unlocked", by_unlocked}, {"fgets", by_fgets},
           {"fread", by_fread},     {"getdelim", by_getdelim}, {"scanf", by_scanf},
           {"read", by_read},       {"readv", by_readv},       {"until_told", until_told}};
static int (*reads)(void);

static void* reader(void* unused) {
  int (*const read_next)(void) = reads;
  while (read_next() && !atomic_load(&stop)) {
  }
  return unused;
}

int main(int argc, char** argv) {
  for (size_t i = 0; argc == 2 && i < sizeof all / sizeof *all; ++i)
    if (strcmp(all[i].name, argv[1]) == 0) reads = all[i].reads;
  pthread_t a;
  pthread_create(&a, NULL, reader, NULL);
  atomic_store(&stop, 1);
  pthread_join(a, NULL);
}

// Every execution finds its process as the first one did, whatever it has changed meanwhile.
// expect zeal: PASS complete=2 blocked=0
#define _GNU_SOURCE
#include <assert.h>
#include <getopt.h>
#include <locale.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int x;

static void* writer(void* unused) {
  atomic_store(&x, 1);
  return unused;
}

static void change_environment(void) {
  static char own[] = "PAWL_PUT=1";
  assert(getenv("PAWL_SET") == NULL && getenv("PAWL_PUT") == NULL && getenv("PATH") != NULL);
  setenv("PAWL_SET", "1", 1);
  putenv(own);
  unsetenv("PATH");
}

static void change_folder(void) {
  char before[4096];
  assert(getcwd(before, sizeof before) != NULL && strcmp(before, "/") != 0);
  assert(chdir("/") == 0);
}

static void change_locale(void) {
  assert(strcmp(setlocale(LC_ALL, NULL), "C") == 0);
  assert(setlocale(LC_ALL, "C.UTF-8") != NULL);
}

static void change_mask(void) { assert(umask(0777) != 0777); }

static void take_options(char* name) {
  char first[] = "-ab1", word[] = "word", last[] = "-b2";
  char* words[] = {name, first, word, last, NULL};
  assert(optind == 1 && optarg == NULL);
  assert(getopt(4, words, "+ab:") == 'a');
  assert(getopt(4, words, "+ab:") == 'b' && strcmp(optarg, "1") == 0);
  assert(getopt(4, words, "+ab:") == -1 && optind == 2);  // It stops at the word.
}

int main(int argc, char** argv) {
  pthread_t t;
  pthread_create(&t, NULL, writer, NULL);
  (void)atomic_load(&x);
  pthread_join(t, NULL);
  change_environment();
  change_folder();
  change_locale();
  change_mask();
  take_options(argv[0]);
  assert(argc == 2 && strcmp(argv[1], "zeal") == 0);
  argv[1][0] = 'd';
  argv[1] = NULL;
}

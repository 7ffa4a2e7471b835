// What functions of the C library access for a thread races like its own accesses.
// expect -DCOPIES: FAIL data_race: reads text[1]
// expect -DCOPIES_CONSTANT: FAIL data_race: writes text[2]
// expect -DFILLS: FAIL data_race: writes text[15]
// expect -DSETS_SMALL: FAIL data_race: writes text[3]
// expect -DCOPIES_BYTES: FAIL data_race: writes text[11]
// expect -DMEASURES: FAIL data_race: reads text[3]
// expect -DCOMPARES: FAIL data_race: reads text[1]
// expect -DCOMPARES_LETTERS: FAIL data_race: reads text[2]
// expect -DAPPENDS: FAIL data_race: writes text[5]
// expect -DSEARCHES: FAIL data_race: reads text[2]
// expect -DDUPLICATES: FAIL data_race: reads text[2]
// expect -DREADS_NUMBER: FAIL data_race: reads text
// expect -DSORTS: FAIL data_race: writes text[2]
// expect -DFORMATS: FAIL data_race: writes text[5]
// expect -DPRINTS: FAIL data_race: reads text[1]
// expect -DPRINTS_TO_FILE: FAIL data_race: reads text[1]
// expect -DALLOCATES_TEXT: FAIL data_race: reads text[1]
// expect -DPUTS: FAIL data_race: reads text[3]
// expect -DWRITES: FAIL data_race: reads text[2]
// expect -DREADS_FILE: FAIL data_race: writes text[1]
// expect -DALLOCATES: FAIL data_race: block
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

char text[16] = "one", other[16] = "two";
long number;
void* block;

#ifdef SORTS
static int compare(const void* a, const void* b) { return *(const char*)a - *(const char*)b; }
#endif

static void* body(void* unused) {
#if defined(COPIES)
  strcpy(other, text);
#elif defined(COPIES_CONSTANT)
  strcpy(text, "abc");
#elif defined(FILLS)
  strncpy(text, "abc", sizeof text);
#elif defined(SETS_SMALL)
  memset(text, 0, 4);
#elif defined(COPIES_BYTES)
  memcpy(text, other, 12);
#elif defined(MEASURES)
  number = (long)strlen(text);
#elif defined(COMPARES)
  number = strcmp(text, "ox");
#elif defined(COMPARES_LETTERS)
  number = strcasecmp(text, "ONx");
#elif defined(APPENDS)
  strcat(text, "ab");
#elif defined(SEARCHES)
  number = strstr(text, "ne") != NULL;
#elif defined(DUPLICATES)
  free(strdup(text));
#elif defined(READS_NUMBER)
  number = strtol(text, NULL, 10);
#elif defined(SORTS)
  qsort(text, 3, 1, compare);
#elif defined(FORMATS)
  snprintf(text, sizeof text, "%d", 12345);
#elif defined(PRINTS)
  printf("%5d %.*s\n", 1, 2, text);
#elif defined(PRINTS_TO_FILE)
  dprintf(STDOUT_FILENO, "%s\n", text);
#elif defined(ALLOCATES_TEXT)
  char* all = NULL;
  if (asprintf(&all, "%s", text) >= 0) free(all);
#elif defined(PUTS)
  puts(text);
#elif defined(WRITES)
  number = write(STDOUT_FILENO, text, 3);
#elif defined(READS_FILE)
  const int zeros = open("/dev/zero", O_RDONLY);
  number = read(zeros, text, 2);
  close(zeros);
#elif defined(ALLOCATES)
  number = posix_memalign(&block, 16, 1);
#endif
  return unused;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, body, NULL);
#if defined(COMPARES) || defined(PRINTS) || defined(COPIES) || defined(READS_FILE) || \
    defined(PRINTS_TO_FILE) || defined(ALLOCATES_TEXT)
  text[1] = 'x';
#elif defined(READS_NUMBER)
  text[0] = 'x';
#elif defined(ALLOCATES)
  block = NULL;
#elif defined(FILLS)
  text[15] = 'x';
#elif defined(COPIES_BYTES)
  text[11] = 'x';
#elif defined(MEASURES) || defined(PUTS) || defined(SETS_SMALL)
  text[3] = 'x';
#elif defined(APPENDS) || defined(FORMATS)
  text[5] = 'x';
#else
  text[2] = 'x';
#endif
  pthread_join(t, NULL);
  return 0;
}

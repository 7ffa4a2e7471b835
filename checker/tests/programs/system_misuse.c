// What would wait for the system, leave something in it, or change the process: an error that names
// the call.
// expect poll: FAIL limit: main calls poll(), which is not modelled
// expect select: FAIL limit: main calls select(), which is not modelled
// expect event: FAIL limit: main calls eventfd(), which is not modelled
// expect lock: FAIL limit: main calls fcntl() to wait for a file, which is not modelled
// expect vfork: FAIL limit: main calls vfork(), which is not modelled
// expect execute: FAIL limit: main calls execlp(), which is not modelled
// expect memory: FAIL limit: main calls shmget(), which is not modelled
// expect output: FAIL limit: main calls dup2() for a standard stream, which is not modelled
// expect duplicate: FAIL limit: main calls dup() for a standard stream, which is not modelled
// expect temporary: FAIL limit: main makes the file 'new-XXXXXX'
// expect folder: FAIL limit: main makes the directory 'new'
// expect link: FAIL limit: main makes the link 'new'
// expect unlink: FAIL limit: main removes 'new'
// expect length: FAIL limit: main changes the length of 'new'
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/select.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

static int call(const char* name) {
  static char path[] = "new-XXXXXX";
  struct timeval time = {0, 1};
  struct flock lock = {.l_type = F_RDLCK};
  if (strcmp(name, "poll") == 0) return poll(NULL, 0, 1);
  if (strcmp(name, "select") == 0) return select(0, NULL, NULL, NULL, &time);
  if (strcmp(name, "event") == 0) return eventfd(0, 0);
  if (strcmp(name, "lock") == 0) return fcntl(STDIN_FILENO, F_SETLKW, &lock);
  if (strcmp(name, "vfork") == 0) return vfork();
  if (strcmp(name, "execute") == 0) return execlp("true", "true", NULL);
  if (strcmp(name, "memory") == 0) return shmget(IPC_PRIVATE, 4096, 0600);
  if (strcmp(name, "output") == 0) return dup2(STDERR_FILENO, STDOUT_FILENO);
  if (strcmp(name, "duplicate") == 0) return dup(STDOUT_FILENO);
  if (strcmp(name, "temporary") == 0) return mkstemp(path);
  if (strcmp(name, "folder") == 0) return mkdirat(AT_FDCWD, "new", 0700);
  if (strcmp(name, "link") == 0) return symlink("/", "new");
  if (strcmp(name, "unlink") == 0) return unlinkat(AT_FDCWD, "new", 0);
  if (strcmp(name, "length") == 0) return truncate("new", 0);
  return -1;
}

int main(int argc, char** argv) {
  assert(argc == 2);
  call(argv[1]);
}

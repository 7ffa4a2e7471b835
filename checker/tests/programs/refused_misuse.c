// Calls that the checker does not model: each is an error that names it, and none is executed.
// expect alarm: FAIL limit: main calls alarm(), which is not modelled
// expect chroot: FAIL limit: main calls chroot(), which is not modelled
// expect execl: FAIL limit: main calls execl(), which is not modelled
// expect eventfd: FAIL limit: main calls eventfd(), which is not modelled
// expect kill: FAIL limit: main calls kill(), which is not modelled
// expect nice: FAIL limit: main calls nice(), which is not modelled
// expect pipe: FAIL limit: main calls pipe(), which is not modelled
// expect setpriority: FAIL limit: main calls setpriority(), which is not modelled
// expect setresgid: FAIL limit: main calls setresgid(), which is not modelled
// expect setsid: FAIL limit: main calls setsid(), which is not modelled
// expect setuid: FAIL limit: main calls setuid(), which is not modelled
// expect shm_open: FAIL limit: main calls shm_open(), which is not modelled
// expect sigaction: FAIL limit: main calls sigaction(), which is not modelled
// expect sigaltstack: FAIL limit: main calls sigaltstack(), which is not modelled
// expect socket: FAIL limit: main calls socket(), which is not modelled
// expect system: FAIL limit: main calls system(), which is not modelled
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char** words) {
  const char* const call = count > 1 ? words[1] : "";
  int ends[2];
#define CALL(name, ...) \
  if (strcmp(call, #name) == 0) return (int)name(__VA_ARGS__)
  CALL(alarm, 1);
  CALL(chroot, "/");
  CALL(execl, "/bin/true", "true", (char*)NULL);
  CALL(eventfd, 0, 0);
  CALL(kill, getpid(), SIGTERM);
  CALL(nice, 1);
  CALL(pipe, ends);
  CALL(setpriority, PRIO_PROCESS, 0, 19);
  CALL(setresgid, 0, 0, 0);
  CALL(setsid);
  CALL(setuid, 0);
  CALL(shm_open, "/none", O_RDONLY, 0);
  CALL(sigaction, SIGUSR1, NULL, NULL);
  CALL(sigaltstack, NULL, NULL);
  CALL(socket, AF_UNIX, SOCK_STREAM, 0);
  CALL(system, "true");
  return 2;
}

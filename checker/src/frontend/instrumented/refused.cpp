// What the checker can't model: a program that calls one of these is not checked in silence.
#include <errno.h>
#include <grp.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <vector>

#include "caller.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

#define PAWL_REFUSES(result, name, parameters, arguments) \
  PAWL_HOOK result name parameters {                      \
    const caller c(__builtin_return_address(0));          \
    if (c.is_model()) c.refuse(#name);                    \
    return PAWL_BEHIND(name) arguments;                   \
  }

// ---- processes ----------------------------------------------------------------------------------

PAWL_REFUSES(pid_t, fork, (), ())
// Its frame is not to be left twice: elsewhere it is what fork() is.
PAWL_HOOK pid_t vfork() noexcept {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) c.refuse("vfork");
  return PAWL_BEHIND(fork)();
}
PAWL_REFUSES(int, daemon, (int keeps_folder, int keeps_streams), (keeps_folder, keeps_streams))
PAWL_REFUSES(int, execv, (const char* file, char* const* arguments), (file, arguments))
PAWL_REFUSES(int, execvp, (const char* file, char* const* arguments), (file, arguments))
PAWL_REFUSES(int, execve, (const char* file, char* const* arguments, char* const* environment),
             (file, arguments, environment))
PAWL_REFUSES(int, execvpe, (const char* file, char* const* arguments, char* const* environment),
             (file, arguments, environment))
PAWL_REFUSES(int, fexecve, (int file, char* const* arguments, char* const* environment),
             (file, arguments, environment))
PAWL_REFUSES(int, posix_spawn,
             (pid_t * child, const char* file, const posix_spawn_file_actions_t* actions,
              const posix_spawnattr_t* attributes, char* const* arguments,
              char* const* environment),
             (child, file, actions, attributes, arguments, environment))
PAWL_REFUSES(int, posix_spawnp,
             (pid_t * child, const char* file, const posix_spawn_file_actions_t* actions,
              const posix_spawnattr_t* attributes, char* const* arguments,
              char* const* environment),
             (child, file, actions, attributes, arguments, environment))
PAWL_REFUSES(int, system, (const char* command), (command))
PAWL_REFUSES(FILE*, popen, (const char* command, const char* mode), (command, mode))
PAWL_REFUSES(pid_t, wait, (int* status), (status))
PAWL_REFUSES(pid_t, waitpid, (pid_t child, int* status, int options), (child, status, options))
PAWL_REFUSES(int, waitid, (idtype_t kind, id_t child, siginfo_t* found, int options),
             (kind, child, found, options))
PAWL_REFUSES(pid_t, wait3, (int* status, int options, rusage* used), (status, options, used))
PAWL_REFUSES(pid_t, wait4, (pid_t child, int* status, int options, rusage* used),
             (child, status, options, used))

// Whose the process is, and what it may do.
PAWL_REFUSES(int, nice, (int increment), (increment))
PAWL_REFUSES(int, setpriority, (__priority_which_t which, id_t who, int value), (which, who, value))
PAWL_REFUSES(int, setuid, (uid_t user), (user))
PAWL_REFUSES(int, seteuid, (uid_t user), (user))
PAWL_REFUSES(int, setreuid, (uid_t real, uid_t effective), (real, effective))
PAWL_REFUSES(int, setresuid, (uid_t real, uid_t effective, uid_t saved), (real, effective, saved))
PAWL_REFUSES(int, setgid, (gid_t group), (group))
PAWL_REFUSES(int, setegid, (gid_t group), (group))
PAWL_REFUSES(int, setregid, (gid_t real, gid_t effective), (real, effective))
PAWL_REFUSES(int, setresgid, (gid_t real, gid_t effective, gid_t saved), (real, effective, saved))
PAWL_REFUSES(int, setgroups, (std::size_t n, const gid_t* groups), (n, groups))
PAWL_REFUSES(pid_t, setsid, (), ())
PAWL_REFUSES(int, setpgid, (pid_t process, pid_t group), (process, group))
PAWL_REFUSES(int, chroot, (const char* folder), (folder))

// Words of the file's arguments up to a null pointer, and perhaps the environment behind it.
#define PAWL_REFUSES_LIST(name, has_environment)                                           \
  PAWL_HOOK int name(const char* file, const char* first, ...) {                           \
    const caller c(__builtin_return_address(0));                                           \
    if (c.is_model()) c.refuse(#name);                                                     \
    va_list rest;                                                                          \
    va_start(rest, first);                                                                 \
    std::vector<char*> words;                                                              \
    for (const char* w = first; w != nullptr; w = va_arg(rest, char*))                     \
      words.push_back(const_cast<char*>(w));                                               \
    words.push_back(nullptr);                                                              \
    char* const* const variables = has_environment ? va_arg(rest, char* const*) : environ; \
    va_end(rest);                                                                          \
    return execvpe(file, words.data(), variables);                                         \
  }
PAWL_REFUSES_LIST(execl, false)
PAWL_REFUSES_LIST(execlp, false)
PAWL_REFUSES_LIST(execle, true)

// ---- signals ------------------------------------------------------------------------------------

PAWL_REFUSES(sighandler_t, signal, (int number, sighandler_t handler), (number, handler))
PAWL_REFUSES(int, sigaction, (int number, const struct sigaction* action, struct sigaction* former),
             (number, action, former))
PAWL_REFUSES(int, sigprocmask, (int how, const sigset_t* set, sigset_t* former), (how, set, former))
PAWL_REFUSES(int, sigaltstack, (const stack_t* next, stack_t* former), (next, former))
PAWL_REFUSES(int, sigwait, (const sigset_t* set, int* number), (set, number))
PAWL_REFUSES(int, sigsuspend, (const sigset_t* set), (set))
// Those that end a process tell of a crash.
PAWL_HOOK int raise(int number) noexcept {
  const caller c(__builtin_return_address(0));
  const bool crashes = number == SIGABRT || number == SIGSEGV || number == SIGBUS ||
                       number == SIGFPE || number == SIGILL;
  if (c.is_model() && !crashes) c.refuse("raise");
  return PAWL_BEHIND(raise)(number);
}
PAWL_REFUSES(int, kill, (pid_t process, int number), (process, number))
PAWL_REFUSES(int, sigqueue, (pid_t process, int number, const sigval value),
             (process, number, value))
PAWL_REFUSES(int, sigwaitinfo, (const sigset_t* set, siginfo_t* found), (set, found))
PAWL_REFUSES(int, sigtimedwait, (const sigset_t* set, siginfo_t* found, const timespec* t),
             (set, found, t))
PAWL_REFUSES(useconds_t, ualarm, (useconds_t next, useconds_t interval), (next, interval))
PAWL_REFUSES(unsigned, alarm, (unsigned seconds), (seconds))
PAWL_REFUSES(int, timer_create, (clockid_t clock, sigevent* event, timer_t* out),
             (clock, event, out))
// The header has types of its own for the first parameter.
PAWL_HOOK int start_timer(int, const itimerval*, itimerval*) __asm__("setitimer");
int start_timer(int which, const itimerval* next, itimerval* former) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) c.refuse("setitimer");
  static constinit decltype(&start_timer) behind = nullptr;
  return find_behind(behind, "setitimer")(which, next, former);
}
PAWL_REFUSES(int, pause, (), ())
PAWL_REFUSES(int, pthread_kill, (pthread_t thread, int number), (thread, number))
PAWL_REFUSES(int, pthread_sigmask, (int how, const sigset_t* set, sigset_t* former),
             (how, set, former))

// ---- threads ------------------------------------------------------------------------------------

PAWL_REFUSES(int, pthread_cancel, (pthread_t thread), (thread))
PAWL_REFUSES(int, pthread_atfork, (void (*before)(), void (*parent)(), void (*child)()),
             (before, parent, child))
PAWL_REFUSES(int, pthread_tryjoin_np, (pthread_t thread, void** result), (thread, result))
PAWL_REFUSES(int, pthread_timedjoin_np, (pthread_t thread, void** result, const timespec* deadline),
             (thread, result, deadline))
PAWL_REFUSES(int, pthread_clockjoin_np,
             (pthread_t thread, void** result, clockid_t clock, const timespec* deadline),
             (thread, result, clock, deadline))
PAWL_REFUSES(int, pthread_sigqueue, (pthread_t thread, int number, const sigval value),
             (thread, number, value))
PAWL_REFUSES(int, pthread_getattr_np, (pthread_t thread, pthread_attr_t* attributes),
             (thread, attributes))
PAWL_REFUSES(int, sem_close, (sem_t * s), (s))
PAWL_REFUSES(int, sem_unlink, (const char* name), (name))
PAWL_HOOK sem_t* sem_open(const char*, int, ...) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) c.refuse("sem_open");
  errno = ENOSYS;
  return SEM_FAILED;
}
PAWL_REFUSES(int, pthread_mutex_consistent, (pthread_mutex_t * m), (m))

// Those of the streams are the C library's, which knows nothing of the model's threads.
PAWL_REFUSES(void, flockfile, (FILE * file), (file))
PAWL_REFUSES(int, ftrylockfile, (FILE * file), (file))

// ---- sockets, pipes, and what is waited for like them -------------------------------------------

PAWL_REFUSES(int, socket, (int domain, int type, int protocol), (domain, type, protocol))
PAWL_REFUSES(int, socketpair, (int domain, int type, int protocol, int* out),
             (domain, type, protocol, out))
PAWL_REFUSES(int, pipe, (int* out), (out))
PAWL_REFUSES(int, pipe2, (int* out, int flags), (out, flags))
PAWL_REFUSES(int, poll, (pollfd * all, nfds_t n, int time), (all, n, time))
PAWL_REFUSES(int, ppoll, (pollfd * all, nfds_t n, const timespec* time, const sigset_t* set),
             (all, n, time, set))
PAWL_REFUSES(int, select, (int n, fd_set* in, fd_set* out, fd_set* other, timeval* time),
             (n, in, out, other, time))
PAWL_REFUSES(int, pselect,
             (int n, fd_set* in, fd_set* out, fd_set* other, const timespec* time,
              const sigset_t* set),
             (n, in, out, other, time, set))
PAWL_REFUSES(int, epoll_create, (int n), (n))
PAWL_REFUSES(int, epoll_create1, (int flags), (flags))
PAWL_REFUSES(int, eventfd, (unsigned value, int flags), (value, flags))
PAWL_REFUSES(int, timerfd_create, (int clock, int flags), (clock, flags))
PAWL_REFUSES(int, signalfd, (int file, const sigset_t* set, int flags), (file, set, flags))
PAWL_REFUSES(int, inotify_init, (), ())
PAWL_REFUSES(int, inotify_init1, (int flags), (flags))
PAWL_REFUSES(int, flock, (int file, int how), (file, how))
PAWL_REFUSES(int, lockf, (int file, int how, off_t size), (file, how, size))

// ---- what processes share -----------------------------------------------------------------------

PAWL_REFUSES(int, shm_open, (const char* name, int flags, mode_t mode), (name, flags, mode))
PAWL_REFUSES(int, shm_unlink, (const char* name), (name))
PAWL_REFUSES(int, shmget, (key_t key, std::size_t size, int flags), (key, size, flags))
PAWL_REFUSES(void*, shmat, (int id, const void* at, int flags), (id, at, flags))
PAWL_REFUSES(int, semget, (key_t key, int n, int flags), (key, n, flags))
PAWL_REFUSES(int, msgget, (key_t key, int flags), (key, flags))
PAWL_HOOK mqd_t mq_open(const char*, int, ...) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) c.refuse("mq_open");
  errno = ENOSYS;
  return -1;
}

// What changes files and folders without opening them: the next execution would find it.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "files.hpp"
#include "hooks.hpp"

using namespace pawl::check::instrumented;

#define PAWL_CHANGES(does, path, result, name, parameters, arguments) \
  PAWL_HOOK result name parameters {                                  \
    refuse_to(does, path, __builtin_return_address(0));               \
    return PAWL_BEHIND(name) arguments;                               \
  }

// ---- removing, renaming, making -----------------------------------------------------------------

PAWL_CHANGES("removes", path, int, unlink, (const char* path) noexcept, (path))
PAWL_CHANGES("removes", path, int, unlinkat, (int folder, const char* path, int flags) noexcept,
             (folder, path, flags))
PAWL_CHANGES("removes", path, int, remove, (const char* path) noexcept, (path))
PAWL_CHANGES("removes", path, int, rmdir, (const char* path) noexcept, (path))
PAWL_CHANGES("renames", from, int, rename, (const char* from, const char* to) noexcept, (from, to))
PAWL_CHANGES("renames", from, int, renameat,
             (int folder, const char* from, int other, const char* to) noexcept,
             (folder, from, other, to))
PAWL_CHANGES("renames", from, int, renameat2,
             (int folder, const char* from, int other, const char* to, unsigned flags) noexcept,
             (folder, from, other, to, flags))
PAWL_CHANGES("makes the directory", path, int, mkdir, (const char* path, mode_t mode) noexcept,
             (path, mode))
PAWL_CHANGES("makes the directory", path, int, mkdirat,
             (int folder, const char* path, mode_t mode) noexcept, (folder, path, mode))
PAWL_CHANGES("makes the pipe", path, int, mkfifo, (const char* path, mode_t mode) noexcept,
             (path, mode))
PAWL_CHANGES("makes the link", to, int, link, (const char* from, const char* to) noexcept,
             (from, to))
PAWL_CHANGES("makes the link", to, int, linkat,
             (int folder, const char* from, int other, const char* to, int flags) noexcept,
             (folder, from, other, to, flags))
PAWL_CHANGES("makes the link", to, int, symlink, (const char* from, const char* to) noexcept,
             (from, to))
PAWL_CHANGES("makes the link", to, int, symlinkat,
             (const char* from, int folder, const char* to) noexcept, (from, folder, to))

// ---- what there is ------------------------------------------------------------------------------

PAWL_CHANGES("changes the length of", path, int, truncate, (const char* path, off_t n) noexcept,
             (path, n))
extern "C" [[gnu::visibility("default"), gnu::alias("truncate")]] int truncate64(const char*,
                                                                                 off_t) noexcept;
PAWL_CHANGES("changes the mode of", path, int, chmod, (const char* path, mode_t mode) noexcept,
             (path, mode))
PAWL_CHANGES("changes the mode of", path, int, fchmodat,
             (int folder, const char* path, mode_t mode, int flags) noexcept,
             (folder, path, mode, flags))
PAWL_CHANGES("changes the owner of", path, int, chown,
             (const char* path, uid_t user, gid_t group) noexcept, (path, user, group))
PAWL_CHANGES("changes the owner of", path, int, lchown,
             (const char* path, uid_t user, gid_t group) noexcept, (path, user, group))
PAWL_CHANGES("changes the times of", path, int, utimensat,
             (int folder, const char* path, const timespec* times, int flags) noexcept,
             (folder, path, times, flags))

// ---- temporary files ----------------------------------------------------------------------------

PAWL_HOOK int mkstemp(char* path) {
  refuse_to("makes the file", path, __builtin_return_address(0));
  return note_open(PAWL_BEHIND(mkstemp)(path));
}
PAWL_HOOK int mkostemp(char* path, int flags) {
  refuse_to("makes the file", path, __builtin_return_address(0));
  return note_open(PAWL_BEHIND(mkostemp)(path, flags));
}
PAWL_HOOK int mkstemps(char* path, int end) {
  refuse_to("makes the file", path, __builtin_return_address(0));
  return note_open(PAWL_BEHIND(mkstemps)(path, end));
}
PAWL_CHANGES("makes the directory", path, char*, mkdtemp, (char* path) noexcept, (path))
extern "C" [[gnu::visibility("default"), gnu::alias("mkstemp")]] int mkstemp64(char*);

// What the program reads and writes by descriptors and streams. Files are read-only, since what one
// execution writes the next one would find, unless --allow-io says that it does not matter.
#include "files.hpp"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "../../engine/describe.hpp"
#include "accesses.hpp"
#include "behind.hpp"
#include "caller.hpp"
#include "output.hpp"
#include "program.hpp"

namespace pawl::check::instrumented {
namespace {

// Open ones that an execution has opened.
std::vector<int>& descriptors = *new std::vector<int>;
std::vector<FILE*>& streams = *new std::vector<FILE*>;
std::vector<DIR*>& folders = *new std::vector<DIR*>;

template <class File>
void remember(std::vector<File>& all, File file) {
  const fiber::outside_heap outside;
  all.push_back(file);
}

bool is_standard(const FILE* file) { return file == stdin || file == stdout || file == stderr; }

// They are the checker's, whatever is allowed.
void refuse_reopening(const char* path, const void* code) {
  runtime* const r = active();
  if (r == nullptr) return;
  const fiber::outside_heap outside;
  r->fail(failure_kind::limit,
          fmt::format("{} reopens a standard stream as '{}' ({}), which is not modelled",
                      engine::thread_name(*r, r->running()), path,
                      engine::place(the_sites.program_frame(code))));
}

bool writes(int flags) {
  return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}
bool writes(const char* mode) { return std::strpbrk(mode, "wa+") != nullptr; }

// What follows the flags of open().
mode_t mode_among(va_list arguments, int flags) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

template <class Function, class... Arguments>
int open_by(Function*& behind, const char* name, const char* path, int flags, const void* code,
            Arguments... arguments) {
  if (writes(flags)) refuse_to("opens for writing", path, code);
  return note_open(find_behind(behind, name)(arguments...));
}

template <class Function>
FILE* open_stream(Function*& behind, const char* name, const char* path, const char* mode,
                  const void* code) {
  if (writes(mode)) refuse_to("opens for writing", path, code);
  return note_open(find_behind(behind, name)(path, mode));
}

// Whatever is allowed, the standard streams are the checker's.
void refuse_standard(int file, const char* call, const void* code) {
  if (file < 0 || file > STDERR_FILENO) return;
  if (const caller c(code); c.is_model())
    c.fail(failure_kind::limit, "calls {}() for a standard stream, which is not modelled", call);
}

ssize_t note_read(const void* to, ssize_t n, const void* code) {
  if (n > 0) access_by(code).writes(to, static_cast<std::size_t>(n));
  return n;
}

bool is_shown(int file) { return file == STDOUT_FILENO || file == STDERR_FILENO; }

decltype(&::close) close_behind = nullptr;
decltype(&::fclose) fclose_behind = nullptr;
decltype(&::closedir) closedir_behind = nullptr;

}  // namespace

void refuse_to(const char* do_what, const char* path, const void* code) {
  runtime* const r = active();
  if (r == nullptr || the_program->settings().allow_io) return;
  if (std::string_view(path) == "/dev/null") return;
  const fiber::outside_heap outside;
  r->fail(failure_kind::limit,
          fmt::format("{} {} '{}' ({}), which later executions would find: --allow-io lets it",
                      engine::thread_name(*r, r->running()), do_what, path,
                      engine::place(the_sites.program_frame(code))));
}

int note_open(int file) {
  if (file >= 0 && active() != nullptr && std::ranges::find(descriptors, file) == descriptors.end())
    remember(descriptors, file);
  return file;
}

FILE* note_open(FILE* file) {
  if (file != nullptr && active() != nullptr) remember(streams, file);
  return file;
}
DIR* note_open(DIR* folder) {
  if (folder != nullptr && active() != nullptr) remember(folders, folder);
  return folder;
}

void close_files() {
  for (const int file : descriptors) find_behind(close_behind, "close")(file);
  for (FILE* const file : streams) find_behind(fclose_behind, "fclose")(file);
  for (DIR* const folder : folders) find_behind(closedir_behind, "closedir")(folder);
  descriptors.clear();
  streams.clear();
  folders.clear();
}

}  // namespace pawl::check::instrumented

using namespace pawl::check::instrumented;

// ---- reading and writing ------------------------------------------------------------------------

PAWL_HOOK ssize_t write(int file, const void* bytes, std::size_t n) {
  static decltype(&::write) behind = nullptr;
  access_by(__builtin_return_address(0)).reads(bytes, n);
  if (!is_shown(file) || active() == nullptr) return find_behind(behind, "write")(file, bytes, n);
  print(bytes, n);
  return static_cast<ssize_t>(n);
}

PAWL_HOOK ssize_t read(int file, void* to, std::size_t n) {
  static decltype(&::read) behind = nullptr;
  const ssize_t found = file != STDIN_FILENO || active() == nullptr
                            ? find_behind(behind, "read")(file, to, n)
                            : static_cast<ssize_t>(read_input(to, n));
  if (runtime* const r = active(); r != nullptr && found > 0) r->end_history();  // It has moved.
  return note_read(to, found, __builtin_return_address(0));
}
PAWL_HOOK ssize_t pread(int file, void* to, std::size_t n, off_t at) {
  static decltype(&::pread) behind = nullptr;
  return note_read(to, find_behind(behind, "pread")(file, to, n, at), __builtin_return_address(0));
}

PAWL_HOOK ssize_t writev(int file, const iovec* parts, int n) {
  if (!is_shown(file) || active() == nullptr) return PAWL_BEHIND(writev)(file, parts, n);
  ssize_t all = 0;
  for (const iovec& part : std::span(parts, n)) all += write(file, part.iov_base, part.iov_len);
  return all;
}

PAWL_HOOK int vdprintf(int file, const char* format, va_list arguments) {
  static decltype(&::vdprintf) behind = nullptr;
  if (!is_shown(file) || active() == nullptr)
    return find_behind(behind, "vdprintf")(file, format, arguments);
  return std::vfprintf(file == STDOUT_FILENO ? stdout : stderr, format, arguments);
}

PAWL_HOOK int dprintf(int file, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int n = vdprintf(file, format, arguments);
  va_end(arguments);
  return n;
}

// ---- opening and closing ------------------------------------------------------------------------

PAWL_HOOK int open(const char* path, int flags, ...) {
  static decltype(&::open) behind = nullptr;
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_among(rest, flags);
  va_end(rest);
  return open_by(behind, "open", path, flags, __builtin_return_address(0), path, flags, mode);
}
PAWL_HOOK int openat(int folder, const char* path, int flags, ...) {
  static decltype(&::openat) behind = nullptr;
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_among(rest, flags);
  va_end(rest);
  return open_by(behind, "openat", path, flags, __builtin_return_address(0), folder, path, flags,
                 mode);
}
PAWL_HOOK int creat(const char* path, mode_t mode) {
  static decltype(&::creat) behind = nullptr;
  return open_by(behind, "creat", path, O_CREAT, __builtin_return_address(0), path, mode);
}
PAWL_HOOK int close(int file) {
  if (active() != nullptr) {
    if (file <= STDERR_FILENO) return 0;  // Later executions print, too.
    std::erase(descriptors, file);
  }
  return find_behind(close_behind, "close")(file);
}

PAWL_HOOK FILE* fopen(const char* path, const char* mode) {
  static decltype(&::fopen) behind = nullptr;
  return open_stream(behind, "fopen", path, mode, __builtin_return_address(0));
}
PAWL_HOOK FILE* freopen(const char* path, const char* mode, FILE* file) {
  static decltype(&::freopen) behind = nullptr;
  const char* const name = path == nullptr ? "" : path;
  if (is_standard(file)) refuse_reopening(name, __builtin_return_address(0));
  refuse_to("reopens a stream as", name, __builtin_return_address(0));
  return find_behind(behind, "freopen")(path, mode, file);
}
PAWL_HOOK int fclose(FILE* file) {
  if (active() != nullptr) {
    if (is_standard(file)) return 0;
    std::erase(streams, file);
  }
  return find_behind(fclose_behind, "fclose")(file);
}

// With offsets of 64 bits, as all have here.
extern "C" {
[[gnu::visibility("default"), gnu::alias("open")]] int open64(const char*, int, ...);
[[gnu::visibility("default"), gnu::alias("openat")]] int openat64(int, const char*, int, ...);
[[gnu::visibility("default"), gnu::alias("creat")]] int creat64(const char*, mode_t);
[[gnu::visibility("default"), gnu::alias("fopen")]] FILE* fopen64(const char*, const char*);
[[gnu::visibility("default"), gnu::alias("pread")]] ssize_t pread64(int, void*, std::size_t, off_t);
[[gnu::visibility("default"), gnu::alias("freopen")]] FILE* freopen64(const char*, const char*,
                                                                      FILE*);
}

// ---- other ways to open -------------------------------------------------------------------------

PAWL_HOOK int dup(int file) noexcept {
  refuse_standard(file, "dup", __builtin_return_address(0));
  return note_open(PAWL_BEHIND(dup)(file));
}
PAWL_HOOK int dup2(int file, int to) noexcept {
  refuse_standard(file, "dup2", __builtin_return_address(0));
  refuse_standard(to, "dup2", __builtin_return_address(0));
  return note_open(PAWL_BEHIND(dup2)(file, to));
}
PAWL_HOOK int dup3(int file, int to, int flags) noexcept {
  refuse_standard(file, "dup3", __builtin_return_address(0));
  refuse_standard(to, "dup3", __builtin_return_address(0));
  return note_open(PAWL_BEHIND(dup3)(file, to, flags));
}
PAWL_HOOK int fcntl(int file, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);  // An integer is passed alike.
  va_end(rest);
  const bool copies = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
  const caller c(__builtin_return_address(0));
  if (c.is_model() && (command == F_SETLKW || command == F_OFD_SETLKW))
    c.fail(pawl::check::failure_kind::limit,
           "calls fcntl() to wait for a file, which is not modelled");
  if (copies) refuse_standard(file, "fcntl", c.code());
  const int result = PAWL_BEHIND(fcntl)(file, command, argument);
  return copies ? note_open(result) : result;
}
PAWL_HOOK int memfd_create(const char* name, unsigned flags) noexcept {
  return note_open(PAWL_BEHIND(memfd_create)(name, flags));
}
PAWL_HOOK FILE* tmpfile() { return note_open(PAWL_BEHIND(tmpfile)()); }
PAWL_HOOK FILE* fdopen(int file, const char* mode) noexcept {
  refuse_standard(file, "fdopen", __builtin_return_address(0));
  FILE* const stream = note_open(PAWL_BEHIND(fdopen)(file, mode));
  if (stream != nullptr) std::erase(descriptors, file);
  return stream;
}

PAWL_HOOK DIR* opendir(const char* path) { return note_open(PAWL_BEHIND(opendir)(path)); }
PAWL_HOOK DIR* fdopendir(int file) {
  DIR* const folder = note_open(PAWL_BEHIND(fdopendir)(file));
  if (folder != nullptr) std::erase(descriptors, file);
  return folder;
}
PAWL_HOOK int closedir(DIR* folder) {
  if (active() != nullptr) std::erase(folders, folder);
  return find_behind(closedir_behind, "closedir")(folder);
}

extern "C" {
[[gnu::visibility("default"), gnu::alias("fcntl")]] int fcntl64(int, int, ...);
[[gnu::visibility("default"), gnu::alias("tmpfile")]] FILE* tmpfile64();
}

// What the program reads and writes by descriptors and streams. Files are read-only, since what one
// execution writes the next one would find, unless --allow-io says that it does not matter.
#include "files.hpp"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include "../../engine/describe.hpp"
#include "accesses.hpp"
#include "behind.hpp"
#include "output.hpp"
#include "program.hpp"

namespace pawl::check::instrumented {
namespace {

// Open ones that an execution has opened.
std::vector<int>& descriptors = *new std::vector<int>;
std::vector<FILE*>& streams = *new std::vector<FILE*>;

template <class File>
void remember(std::vector<File>& all, File file) {
  const fiber::outside_heap outside;
  all.push_back(file);
}

// Ends the execution, if the program, which runs, must not write.
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
  const int file = find_behind(behind, name)(arguments...);
  if (file >= 0 && active() != nullptr) remember(descriptors, file);
  return file;
}

template <class Function>
FILE* open_stream(Function*& behind, const char* name, const char* path, const char* mode,
                  const void* code) {
  if (writes(mode)) refuse_to("opens for writing", path, code);
  FILE* const file = find_behind(behind, name)(path, mode);
  if (file != nullptr && active() != nullptr) remember(streams, file);
  return file;
}

ssize_t note_read(const void* to, ssize_t n, const void* code) {
  if (n > 0) access_by(code).writes(to, static_cast<std::size_t>(n));
  return n;
}

bool is_shown(int file) { return file == STDOUT_FILENO || file == STDERR_FILENO; }

template <class Function>
int change(Function*& behind, const char* name, const char* does, const char* path,
           const void* code) {
  refuse_to(does, path, code);
  return find_behind(behind, name)(path);
}

decltype(&::close) close_behind = nullptr;
decltype(&::fclose) fclose_behind = nullptr;

}  // namespace

void close_files() {
  for (const int file : descriptors) find_behind(close_behind, "close")(file);
  for (FILE* const file : streams) find_behind(fclose_behind, "fclose")(file);
  descriptors.clear();
  streams.clear();
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

// ---- changing what is there ---------------------------------------------------------------------

PAWL_HOOK int unlink(const char* path) noexcept {
  static decltype(&::unlink) behind = nullptr;
  return change(behind, "unlink", "removes", path, __builtin_return_address(0));
}
PAWL_HOOK int remove(const char* path) noexcept {
  static decltype(&::remove) behind = nullptr;
  return change(behind, "remove", "removes", path, __builtin_return_address(0));
}
PAWL_HOOK int rmdir(const char* path) noexcept {
  static decltype(&::rmdir) behind = nullptr;
  return change(behind, "rmdir", "removes", path, __builtin_return_address(0));
}
PAWL_HOOK int rename(const char* from, const char* to) noexcept {
  static decltype(&::rename) behind = nullptr;
  refuse_to("renames", from, __builtin_return_address(0));
  return find_behind(behind, "rename")(from, to);
}
PAWL_HOOK int mkdir(const char* path, mode_t mode) noexcept {
  static decltype(&::mkdir) behind = nullptr;
  refuse_to("makes the directory", path, __builtin_return_address(0));
  return find_behind(behind, "mkdir")(path, mode);
}

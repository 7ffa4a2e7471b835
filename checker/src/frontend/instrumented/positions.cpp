// Positions in files, streams and directories: they are state of the thread that no hook sees. A
// loop that moves one has changed something, as one that draws a random number has: its thread does
// not spin. What has come to the end moves no more.
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstddef>
#include <istream>
#include <span>

#include "hooks.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

void note_move() {
  if (runtime* const r = active()) r->end_history();
}
void note_move(FILE* from) {
  if (feof(from) == 0) note_move();
}

using scan_function = int(FILE*, const char*, va_list);

}  // namespace

#define PAWL_MOVES(result, name, parameters, arguments, ...) \
  PAWL_HOOK result name parameters {                         \
    note_move(__VA_ARGS__);                                  \
    return PAWL_BEHIND(name) arguments;                      \
  }
// The same function by another name. Headers may define it inline.
#define PAWL_ALIAS(result, other, name, parameters) \
  extern "C" [[gnu::visibility("default"),          \
               gnu::alias(#name)]] result also_##other parameters __asm__(#other);

// ---- reading streams ----------------------------------------------------------------------------

PAWL_MOVES(int, fgetc, (FILE * from), (from), from)
PAWL_ALIAS(int, getc, fgetc, (FILE*))
PAWL_ALIAS(int, _IO_getc, fgetc, (FILE*))
PAWL_ALIAS(int, fgetc_unlocked, fgetc, (FILE*))
PAWL_ALIAS(int, getc_unlocked, fgetc, (FILE*))
PAWL_MOVES(int, __uflow, (FILE * from), (from), from)

PAWL_MOVES(int, getchar, (), (), stdin)
PAWL_ALIAS(int, getchar_unlocked, getchar, ())

PAWL_MOVES(char*, fgets, (char* to, int n, FILE* from), (to, n, from), from)
PAWL_ALIAS(char*, fgets_unlocked, fgets, (char*, int, FILE*))
PAWL_MOVES(std::size_t, fread, (void* to, std::size_t size, std::size_t n, FILE* from),
           (to, size, n, from), from)
PAWL_ALIAS(std::size_t, fread_unlocked, fread, (void*, std::size_t, std::size_t, FILE*))
PAWL_MOVES(ssize_t, getdelim, (char** to, std::size_t* room, int end, FILE* from),
           (to, room, end, from), from)
PAWL_ALIAS(ssize_t, __getdelim, getdelim, (char**, std::size_t*, int, FILE*))
PAWL_MOVES(ssize_t, getline, (char** to, std::size_t* room, FILE* from), (to, room, from), from)
PAWL_MOVES(int, getw, (FILE * from), (from), from)
PAWL_MOVES(int, ungetc, (int c, FILE* to), (c, to))

// With and without the letters that the C standard has given another meaning.
#define PAWL_SCANS(form, prefix)                                                       \
  PAWL_HOOK int form##_vfscanf(FILE*, const char*, va_list) __asm__(prefix "vfscanf"); \
  int form##_vfscanf(FILE* from, const char* format, va_list arguments) {              \
    static constinit scan_function* behind = nullptr;                                  \
    note_move(from);                                                                   \
    return find_behind(behind, prefix "vfscanf")(from, format, arguments);             \
  }                                                                                    \
  PAWL_HOOK int form##_vscanf(const char*, va_list) __asm__(prefix "vscanf");          \
  int form##_vscanf(const char* format, va_list arguments) {                           \
    return form##_vfscanf(stdin, format, arguments);                                   \
  }                                                                                    \
  PAWL_HOOK int form##_fscanf(FILE*, const char*, ...) __asm__(prefix "fscanf");       \
  int form##_fscanf(FILE* from, const char* format, ...) {                             \
    va_list arguments;                                                                 \
    va_start(arguments, format);                                                       \
    const int n = form##_vfscanf(from, format, arguments);                             \
    va_end(arguments);                                                                 \
    return n;                                                                          \
  }                                                                                    \
  PAWL_HOOK int form##_scanf(const char*, ...) __asm__(prefix "scanf");                \
  int form##_scanf(const char* format, ...) {                                          \
    va_list arguments;                                                                 \
    va_start(arguments, format);                                                       \
    const int n = form##_vfscanf(stdin, format, arguments);                            \
    va_end(arguments);                                                                 \
    return n;                                                                          \
  }
PAWL_SCANS(old, "")
PAWL_SCANS(standard, "__isoc99_")

// Those of the C++ library begin each input with a sentry.
PAWL_HOOK void begin_input(void* sentry, std::istream& from,
                           bool keeps_blanks) __asm__("_ZNSi6sentryC1ERSib");
void begin_input(void* sentry, std::istream& from, bool keeps_blanks) {
  static constinit decltype(&begin_input) behind = nullptr;
  if (from.good()) note_move();
  find_behind(behind, "_ZNSi6sentryC1ERSib")(sentry, from, keeps_blanks);
}

// ---- moving -------------------------------------------------------------------------------------

PAWL_MOVES(int, fseek, (FILE * file, long to, int from), (file, to, from))
PAWL_MOVES(int, fseeko, (FILE * file, off_t to, int from), (file, to, from))
PAWL_ALIAS(int, fseeko64, fseeko, (FILE*, off_t, int))
PAWL_MOVES(void, rewind, (FILE * file), (file))
PAWL_MOVES(int, fsetpos, (FILE * file, const fpos_t* to), (file, to))
PAWL_ALIAS(int, fsetpos64, fsetpos, (FILE*, const fpos_t*))

PAWL_HOOK off_t lseek(int file, off_t to, int from) noexcept {
  const auto behind = PAWL_BEHIND(lseek);
  if (active() == nullptr) return behind(file, to, from);
  const off_t before = behind(file, 0, SEEK_CUR);
  const off_t after = behind(file, to, from);
  if (after >= 0 && after != before) note_move();
  return after;
}
PAWL_HOOK off_t lseek64(int file, off_t to, int from) noexcept { return lseek(file, to, from); }

// ---- files without a stream, directories --------------------------------------------------------

PAWL_HOOK ssize_t readv(int file, const iovec* parts, int n) {
  if (active() == nullptr) return PAWL_BEHIND(readv)(file, parts, n);
  ssize_t all = 0;
  for (const iovec& part : std::span(parts, n)) {
    const ssize_t found = read(file, part.iov_base, part.iov_len);
    if (found < 0 && all == 0) return found;
    if (found > 0) all += found;
    if (found < static_cast<ssize_t>(part.iov_len)) break;
  }
  return all;
}

PAWL_HOOK dirent* readdir(DIR* folder) {
  dirent* const found = PAWL_BEHIND(readdir)(folder);
  if (found != nullptr) note_move();
  return found;
}
PAWL_HOOK dirent64* readdir64(DIR* folder) { return reinterpret_cast<dirent64*>(readdir(folder)); }
PAWL_MOVES(void, rewinddir, (DIR * folder), (folder))
PAWL_MOVES(void, seekdir, (DIR * folder, long to), (folder, to))

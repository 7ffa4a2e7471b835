// Functions of <string.h> and the like, which access the program's memory where no hooks are. The
// linker puts these before the library's (--wrap, cmake/PawlInstrument.cmake). Accesses are noted
// before they take place, as far as the result depends on what is read.
#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include <wchar.h>

#include <algorithm>
#include <cstring>

#include "accesses.hpp"

using namespace pawl::check::instrumented;

#define PAWL_WRAPS(result, name, parameters, arguments, ...) \
  PAWL_HOOK result __wrap_##name parameters {                \
    const access_by a(__builtin_return_address(0));          \
    if (active() != nullptr) __VA_ARGS__;                    \
    return ::name arguments;                                 \
  }

namespace {

using std::size_t;

std::ptrdiff_t through(const void* begin, const void* last) {
  return static_cast<const char*>(last) - static_cast<const char*>(begin) + 1;
}

// The bytes up to the one that was found; else all n.
void reads_until(const access_by& a, const void* p, size_t n, const void* found) {
  a.reads(p, found == nullptr ? n : static_cast<size_t>(through(p, found)));
}

// The bytes through the first ones that differ, or that end both.
template <class Equal>
void compares(const access_by& a, const char* x, const char* y, size_t n, Equal equal) {
  size_t i = 0;
  while (i < n && x[i] != 0 && equal(x[i], y[i])) ++i;
  a.reads(x, std::min(n, i + 1));
  a.reads(y, std::min(n, i + 1));
}
bool same(char x, char y) { return x == y; }
bool same_letter(char x, char y) {
  return tolower(static_cast<unsigned char>(x)) == tolower(static_cast<unsigned char>(y));
}
constexpr size_t all = ~size_t{0};

// At most n bytes of a text, without the one that ends it, and then that.
void appends(const access_by& a, char* to, const char* from, size_t n) {
  const size_t length = std::strlen(to);
  a.reads(to, length + 1);
  a.reads_text(from, n);
  a.writes(to + length, strnlen(from, n) + 1);
}

void searches(const access_by& a, const char* text, const char* other) {
  a.reads_text(other);
  const char* const found = std::strstr(text, other);
  reads_until(a, text, std::strlen(text) + 1,
              found == nullptr || *other == 0 ? found : found + std::strlen(other) - 1);
}

void looks_for_any(const access_by& a, const char* text, const char* set, size_t before) {
  a.reads_text(set);
  a.reads(text, before + 1);
}

}  // namespace

// ---- bytes --------------------------------------------------------------------------------------

PAWL_HOOK void* __wrap_memcpy(void* to, const void* from, size_t n) {
  return copy(access_by(__builtin_return_address(0)), to, from, n);
}
PAWL_HOOK void* __wrap_memmove(void* to, const void* from, size_t n) {
  return copy(access_by(__builtin_return_address(0)), to, from, n);
}
PAWL_HOOK void* __wrap_mempcpy(void* to, const void* from, size_t n) {
  copy(access_by(__builtin_return_address(0)), to, from, n);
  return static_cast<char*>(to) + n;
}
PAWL_HOOK void __wrap_bcopy(const void* from, void* to, size_t n) {
  copy(access_by(__builtin_return_address(0)), to, from, n);
}
PAWL_WRAPS(void*, memset, (void* to, int value, size_t n), (to, value, n), a.writes(to, n))
PAWL_WRAPS(void, bzero, (void* to, size_t n), (to, n), a.writes(to, n))
PAWL_WRAPS(void, explicit_bzero, (void* to, size_t n), (to, n), a.writes(to, n))
PAWL_WRAPS(int, memcmp, (const void* x, const void* y, size_t n), (x, y, n),
           (a.reads(x, n), a.reads(y, n)))
PAWL_WRAPS(int, bcmp, (const void* x, const void* y, size_t n), (x, y, n),
           (a.reads(x, n), a.reads(y, n)))
PAWL_WRAPS(const void*, memchr, (const void* p, int c, size_t n), (p, c, n),
           reads_until(a, p, n, std::memchr(p, c, n)))
PAWL_WRAPS(const void*, memrchr, (const void* p, int c, size_t n), (p, c, n), a.reads(p, n))
PAWL_WRAPS(void*, memmem, (const void* p, size_t n, const void* other, size_t size),
           (p, n, other, size), (a.reads(p, n), a.reads(other, size)))

using comparison = int(const void*, const void*);
using comparison_with = int(const void*, const void*, void*);
PAWL_WRAPS(void, qsort, (void* p, size_t n, size_t size, comparison* by), (p, n, size, by),
           (a.writes(p, n* size), a.reads(p, n* size)))
PAWL_WRAPS(void, qsort_r, (void* p, size_t n, size_t size, comparison_with* by, void* with),
           (p, n, size, by, with), (a.writes(p, n* size), a.reads(p, n* size)))

// ---- texts --------------------------------------------------------------------------------------

PAWL_WRAPS(size_t, strlen, (const char* text), (text), a.reads_text(text))
PAWL_WRAPS(size_t, strnlen, (const char* text, size_t n), (text, n), a.reads_text(text, n))
PAWL_WRAPS(char*, strcpy, (char* to, const char* from), (to, from),
           (a.reads_text(from), a.writes(to, std::strlen(from) + 1)))
PAWL_WRAPS(char*, stpcpy, (char* to, const char* from), (to, from),
           (a.reads_text(from), a.writes(to, std::strlen(from) + 1)))
PAWL_WRAPS(char*, strncpy, (char* to, const char* from, size_t n), (to, from, n),
           (a.reads_text(from, n), a.writes(to, n)))
PAWL_WRAPS(char*, stpncpy, (char* to, const char* from, size_t n), (to, from, n),
           (a.reads_text(from, n), a.writes(to, n)))
PAWL_WRAPS(char*, strcat, (char* to, const char* from), (to, from), appends(a, to, from, all))
PAWL_WRAPS(char*, strncat, (char* to, const char* from, size_t n), (to, from, n),
           appends(a, to, from, n))
PAWL_WRAPS(int, strcmp, (const char* x, const char* y), (x, y), compares(a, x, y, all, same))
PAWL_WRAPS(int, strncmp, (const char* x, const char* y, size_t n), (x, y, n),
           compares(a, x, y, n, same))
PAWL_WRAPS(int, strcasecmp, (const char* x, const char* y), (x, y),
           compares(a, x, y, all, same_letter))
PAWL_WRAPS(int, strncasecmp, (const char* x, const char* y, size_t n), (x, y, n),
           compares(a, x, y, n, same_letter))
PAWL_WRAPS(const char*, strchr, (const char* text, int c), (text, c),
           reads_until(a, text, std::strlen(text) + 1, std::strchr(text, c)))
PAWL_WRAPS(const char*, strchrnul, (const char* text, int c), (text, c),
           reads_until(a, text, 0, strchrnul(text, c)))
PAWL_WRAPS(const char*, strrchr, (const char* text, int c), (text, c), a.reads_text(text))
PAWL_WRAPS(const char*, strstr, (const char* text, const char* other), (text, other),
           searches(a, text, other))
PAWL_WRAPS(size_t, strspn, (const char* text, const char* set), (text, set),
           looks_for_any(a, text, set, std::strspn(text, set)))
PAWL_WRAPS(size_t, strcspn, (const char* text, const char* set), (text, set),
           looks_for_any(a, text, set, std::strcspn(text, set)))
PAWL_WRAPS(const char*, strpbrk, (const char* text, const char* set), (text, set),
           looks_for_any(a, text, set, std::strcspn(text, set)))
PAWL_WRAPS(char*, strdup, (const char* text), (text), a.reads_text(text))
PAWL_WRAPS(char*, strndup, (const char* text, size_t n), (text, n), a.reads_text(text, n))

// ---- wide characters ----------------------------------------------------------------------------

PAWL_WRAPS(size_t, wcslen, (const wchar_t* text), (text),
           a.reads(text, (std::wcslen(text) + 1) * sizeof *text))
PAWL_WRAPS(wchar_t*, wmemcpy, (wchar_t * to, const wchar_t* from, size_t n), (to, from, n),
           (a.reads(from, n * sizeof *from), a.writes(to, n * sizeof *to)))
PAWL_WRAPS(wchar_t*, wmemmove, (wchar_t * to, const wchar_t* from, size_t n), (to, from, n),
           (a.reads(from, n * sizeof *from), a.writes(to, n * sizeof *to)))
PAWL_WRAPS(wchar_t*, wmemset, (wchar_t * to, wchar_t value, size_t n), (to, value, n),
           a.writes(to, n * sizeof *to))

// Wide characters of the standard streams, which the checker has replaced by ones that have none:
// what is read and written are the bytes of these characters, as the locale has it.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#include <climits>
#include <cstddef>
#include <vector>

#include "accesses.hpp"
#include "caller.hpp"
#include "output.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

constexpr std::size_t error = ~std::size_t{0}, more = ~std::size_t{1};  // As mbrtowc() says it.

wint_t get(FILE* from) {
  std::mbstate_t state{};
  for (int c = fgetc(from); c != EOF; c = fgetc(from)) {
    const char byte = static_cast<char>(c);
    wchar_t found = 0;
    const std::size_t n = std::mbrtowc(&found, &byte, 1, &state);
    if (n == error) break;
    if (n != more) return static_cast<wint_t>(found);
  }
  return WEOF;
}

wint_t put_back(wint_t c, FILE* to) {
  std::mbstate_t state{};
  char bytes[MB_LEN_MAX];
  std::size_t n = c == WEOF ? error : std::wcrtomb(bytes, static_cast<wchar_t>(c), &state);
  if (n == error) return WEOF;
  while (n > 0)
    if (ungetc(static_cast<unsigned char>(bytes[--n]), to) == EOF) return WEOF;
  return c;
}

wint_t put(wchar_t c, FILE* to) {
  std::mbstate_t state{};
  char bytes[MB_LEN_MAX];
  const std::size_t n = std::wcrtomb(bytes, c, &state);
  return n == error || fwrite(bytes, 1, n, to) != n ? WEOF : static_cast<wint_t>(c);
}

int put_all(const wchar_t* text, FILE* to) {
  for (; *text != 0; ++text)
    if (put(*text, to) == WEOF) return -1;
  return 1;
}

wchar_t* get_line(const access_by& a, wchar_t* to, int room, FILE* from) {
  int n = 0;
  while (n < room - 1 && (n == 0 || to[n - 1] != L'\n')) {
    const wint_t c = get(from);
    if (c == WEOF) break;
    to[n++] = static_cast<wchar_t>(c);
  }
  if (n == 0) return nullptr;
  to[n++] = 0;
  a.writes(to, static_cast<std::size_t>(n) * sizeof *to);
  return to;
}

// The room that a text needs is not told, only that there is too little.
int format(FILE* to, const wchar_t* text, va_list arguments) {
  constexpr std::size_t most = std::size_t{1} << 20;
  const fiber::outside_heap outside;
  for (std::vector<wchar_t> made(256); made.size() <= most; made.resize(made.size() * 2)) {
    va_list same;
    va_copy(same, arguments);
    const int n = std::vswprintf(made.data(), made.size(), text, same);
    va_end(same);
    if (n >= 0) return put_all(made.data(), to) < 0 ? -1 : n;
  }
  return -1;
}

int scan(const caller& c, FILE* from, const wchar_t* text, va_list arguments) {
  if (c.is_model() && is_captured(from)) c.refuse("wscanf");
  return PAWL_BEHIND(vfwscanf)(from, text, arguments);
}

}  // namespace

#define PAWL_WIDE(result, name, parameters, arguments, stream, expression) \
  PAWL_HOOK result name parameters {                                       \
    if (is_captured(stream)) return expression;                            \
    if (runtime* const r = active()) r->end_history();                     \
    return PAWL_BEHIND(name) arguments;                                    \
  }
// The same function by another name. Headers may define it inline.
#define PAWL_ALSO(result, other, name, parameters) \
  extern "C" [[gnu::visibility("default"),         \
               gnu::alias(#name)]] result also_##other parameters __asm__(#other);

// ---- reading ------------------------------------------------------------------------------------

PAWL_WIDE(wint_t, fgetwc, (FILE * from), (from), from, get(from))
PAWL_ALSO(wint_t, getwc, fgetwc, (FILE*))
PAWL_ALSO(wint_t, fgetwc_unlocked, fgetwc, (FILE*))
PAWL_ALSO(wint_t, getwc_unlocked, fgetwc, (FILE*))
PAWL_HOOK wint_t getwchar() { return fgetwc(stdin); }
PAWL_ALSO(wint_t, getwchar_unlocked, getwchar, ())
PAWL_WIDE(wint_t, ungetwc, (wint_t c, FILE* to), (c, to), to, put_back(c, to))
PAWL_WIDE(wchar_t*, fgetws, (wchar_t * to, int n, FILE* from), (to, n, from), from,
          get_line(access_by(__builtin_return_address(0)), to, n, from))
PAWL_ALSO(wchar_t*, fgetws_unlocked, fgetws, (wchar_t*, int, FILE*))

// With and without the letters that the C standard has given another meaning.
#define PAWL_SCANS(form, prefix)                                                            \
  PAWL_HOOK int form##_vfwscanf(FILE*, const wchar_t*, va_list) __asm__(prefix "vfwscanf"); \
  int form##_vfwscanf(FILE* from, const wchar_t* text, va_list arguments) {                 \
    return scan(caller(__builtin_return_address(0)), from, text, arguments);                \
  }                                                                                         \
  PAWL_HOOK int form##_fwscanf(FILE*, const wchar_t*, ...) __asm__(prefix "fwscanf");       \
  int form##_fwscanf(FILE* from, const wchar_t* text, ...) {                                \
    va_list arguments;                                                                      \
    va_start(arguments, text);                                                              \
    const int n = scan(caller(__builtin_return_address(0)), from, text, arguments);         \
    va_end(arguments);                                                                      \
    return n;                                                                               \
  }                                                                                         \
  PAWL_HOOK int form##_wscanf(const wchar_t*, ...) __asm__(prefix "wscanf");                \
  int form##_wscanf(const wchar_t* text, ...) {                                             \
    va_list arguments;                                                                      \
    va_start(arguments, text);                                                              \
    const int n = scan(caller(__builtin_return_address(0)), stdin, text, arguments);        \
    va_end(arguments);                                                                      \
    return n;                                                                               \
  }
PAWL_SCANS(old, "")
PAWL_SCANS(standard, "__isoc99_")

// ---- writing ------------------------------------------------------------------------------------

PAWL_WIDE(wint_t, fputwc, (wchar_t c, FILE* to), (c, to), to, put(c, to))
PAWL_ALSO(wint_t, putwc, fputwc, (wchar_t, FILE*))
PAWL_ALSO(wint_t, fputwc_unlocked, fputwc, (wchar_t, FILE*))
PAWL_ALSO(wint_t, putwc_unlocked, fputwc, (wchar_t, FILE*))
PAWL_HOOK wint_t putwchar(wchar_t c) { return fputwc(c, stdout); }
PAWL_ALSO(wint_t, putwchar_unlocked, putwchar, (wchar_t))
PAWL_WIDE(int, fputws, (const wchar_t* text, FILE* to), (text, to), to, put_all(text, to))
PAWL_ALSO(int, fputws_unlocked, fputws, (const wchar_t*, FILE*))
PAWL_WIDE(int, vfwprintf, (FILE * to, const wchar_t* text, va_list arguments),
          (to, text, arguments), to, format(to, text, arguments))
PAWL_HOOK int vwprintf(const wchar_t* text, va_list arguments) {
  return vfwprintf(stdout, text, arguments);
}
PAWL_HOOK int fwprintf(FILE* to, const wchar_t* text, ...) {
  va_list arguments;
  va_start(arguments, text);
  const int n = vfwprintf(to, text, arguments);
  va_end(arguments);
  return n;
}
PAWL_HOOK int wprintf(const wchar_t* text, ...) {
  va_list arguments;
  va_start(arguments, text);
  const int n = vfwprintf(stdout, text, arguments);
  va_end(arguments);
  return n;
}

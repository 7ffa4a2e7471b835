// printf() and its relatives, which read and write the program's memory where no hooks are. The
// linker puts these before the library's (--wrap).
#include <stdarg.h>
#include <stdio.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "accesses.hpp"

using namespace pawl::check::instrumented;

namespace {

// Goes through a format, and notes what is read and written by its arguments. One that numbers
// them ("%2$s") is not understood: what comes is left out.
class formatted {
 public:
  formatted(const access_by& a, const char* format, va_list arguments) : a_(a), at_(format) {
    va_copy(arguments_, arguments);
  }
  ~formatted() { va_end(arguments_); }
  formatted(const formatted&) = delete;

  void note() {
    a_.reads_text(at_);
    while ((at_ = std::strchr(at_, '%')) != nullptr) {
      ++at_;
      if (at_[std::strspn(at_, digits)] == '$') return;
      at_ += std::strspn(at_, "-+ #0'I");
      (void)number();
      precision_ = -1;
      if (*at_ == '.') {
        ++at_;
        precision_ = number();
      }
      const std::size_t n = std::strspn(at_, "hlLqjzt");
      length_ = n == 0 ? ' ' : *at_;
      at_ += n;
      if (*at_ == 0) return;
      convert(*at_++);
    }
  }

 private:
  static constexpr const char* digits = "0123456789";

  // A width or a precision.
  int number() {
    if (*at_ == '*') {
      ++at_;
      return va_arg(arguments_, int);
    }
    const int n = std::atoi(at_);
    at_ += std::strspn(at_, digits);
    return n;
  }

  void convert(char kind) {
    if (kind == '%' || kind == 'm') return;
    if (kind == 's' || kind == 'S' || kind == 'p' || kind == 'n')
      pointer(kind, va_arg(arguments_, void*));
    else if (std::strchr("aAeEfFgG", kind) == nullptr)
      (void)va_arg(arguments_, long);  // Shorter ones are passed alike.
    else if (length_ == 'L')
      (void)va_arg(arguments_, long double);
    else
      (void)va_arg(arguments_, double);
  }

  // Wide characters are not looked at.
  void pointer(char kind, void* p) {
    if (kind == 'n') a_.writes(p, length_ == ' ' ? sizeof(int) : length_ == 'h' ? 1 : sizeof(long));
    if (kind != 's' || p == nullptr || length_ == 'l') return;
    a_.reads_text(static_cast<const char*>(p),
                  precision_ < 0 ? ~std::size_t{0} : static_cast<std::size_t>(precision_));
  }

  const access_by& a_;
  const char* at_;
  va_list arguments_;
  int precision_ = -1;
  char length_ = ' ';
};

void reads(const access_by& a, const char* format, va_list arguments) {
  if (active() != nullptr) formatted(a, format, arguments).note();
}

int print(const access_by& a, FILE* to, const char* format, va_list arguments) {
  reads(a, format, arguments);
  return vfprintf(to, format, arguments);
}

// The text is made twice: its length is known before it is written.
int write(const access_by& a, char* to, std::size_t n, const char* format, va_list arguments) {
  reads(a, format, arguments);
  if (active() != nullptr && n != 0) {
    va_list same;
    va_copy(same, arguments);
    const int length = vsnprintf(nullptr, 0, format, same);
    va_end(same);
    if (length >= 0) a.writes(to, std::min(n, static_cast<std::size_t>(length) + 1));
  }
  return vsnprintf(to, n, format, arguments);
}

// What it allocates is the C library's.
int allocate(const access_by& a, char** to, const char* format, va_list arguments) {
  reads(a, format, arguments);
  a.writes(to, sizeof *to);
  return vasprintf(to, format, arguments);
}

int print(const access_by& a, int to, const char* format, va_list arguments) {
  reads(a, format, arguments);
  return vdprintf(to, format, arguments);
}

constexpr std::size_t unbounded = 0x7fff'ffff;  // The longest text that vsnprintf() makes.

}  // namespace

// Defines a function and its relative that takes a list of arguments, both of which do the same.
#define PAWL_FORMATS(name, parameters, does)                                                 \
  PAWL_HOOK int __wrap_v##name(PAWL_LIST parameters const char* format, va_list arguments) { \
    const access_by a(__builtin_return_address(0));                                          \
    return does;                                                                             \
  }                                                                                          \
  PAWL_HOOK int __wrap_##name(PAWL_LIST parameters const char* format, ...) {                \
    const access_by a(__builtin_return_address(0));                                          \
    va_list arguments;                                                                       \
    va_start(arguments, format);                                                             \
    const int made = does;                                                                   \
    va_end(arguments);                                                                       \
    return made;                                                                             \
  }
#define PAWL_LIST(...) __VA_ARGS__ __VA_OPT__(, )

PAWL_FORMATS(printf, (), print(a, stdout, format, arguments))
PAWL_FORMATS(fprintf, (FILE * to), print(a, to, format, arguments))
PAWL_FORMATS(sprintf, (char* to), write(a, to, unbounded, format, arguments))
PAWL_FORMATS(snprintf, (char* to, std::size_t n), write(a, to, n, format, arguments))
PAWL_FORMATS(asprintf, (char** to), allocate(a, to, format, arguments))
PAWL_FORMATS(dprintf, (int to), print(a, to, format, arguments))

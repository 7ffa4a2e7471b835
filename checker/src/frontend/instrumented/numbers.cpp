// strtol() and its relatives, which read the program's memory where no hooks are. The linker puts
// these before the library's (--wrap).
#include <stdlib.h>

#include <cstddef>

#include "accesses.hpp"

using namespace pawl::check::instrumented;

namespace {

// With the character that ends it.
template <class Read>
auto read_number(const access_by& a, const char* text, char** end, Read read) {
  char* behind = nullptr;
  const auto value = read(text, &behind);
  a.reads(text, static_cast<std::size_t>(behind - text) + 1);
  if (end == nullptr) return value;
  a.writes(end, sizeof *end);
  *end = behind;
  return value;
}

long decimal(const char* text, char** end) { return ::strtol(text, end, 10); }

}  // namespace

#define PAWL_READS_INTEGER(result, name)                                                        \
  PAWL_HOOK result __wrap_##name(const char* text, char** end, int base) {                      \
    return read_number(access_by(__builtin_return_address(0)), text, end,                       \
                       [base](const char* from, char** to) { return ::name(from, to, base); }); \
  }
#define PAWL_READS_REAL(result, name)                                              \
  PAWL_HOOK result __wrap_##name(const char* text, char** end) {                   \
    return read_number(access_by(__builtin_return_address(0)), text, end, ::name); \
  }
#define PAWL_CONVERTS(result, name, by)                                          \
  PAWL_HOOK result __wrap_##name(const char* text) {                             \
    return static_cast<result>(                                                  \
        read_number(access_by(__builtin_return_address(0)), text, nullptr, by)); \
  }

PAWL_READS_INTEGER(long, strtol)
PAWL_READS_INTEGER(unsigned long, strtoul)
PAWL_READS_INTEGER(long long, strtoll)
PAWL_READS_INTEGER(unsigned long long, strtoull)
PAWL_READS_REAL(float, strtof)
PAWL_READS_REAL(double, strtod)
PAWL_READS_REAL(long double, strtold)
PAWL_CONVERTS(int, atoi, decimal)
PAWL_CONVERTS(long, atol, decimal)
PAWL_CONVERTS(long long, atoll, decimal)
PAWL_CONVERTS(double, atof, ::strtod)

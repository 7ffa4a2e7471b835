// Functions of <stdio.h> that read and write the program's memory where no hooks are. The linker
// puts these before the library's (--wrap). What they read from a stream is known only afterwards.
#include <stdio.h>

#include <cstddef>
#include <cstring>

#include "accesses.hpp"

using namespace pawl::check::instrumented;

PAWL_HOOK int __wrap_puts(const char* text) {
  access_by(__builtin_return_address(0)).reads_text(text);
  return puts(text);
}
PAWL_HOOK int __wrap_fputs(const char* text, FILE* to) {
  access_by(__builtin_return_address(0)).reads_text(text);
  return fputs(text, to);
}
PAWL_HOOK std::size_t __wrap_fwrite(const void* from, std::size_t size, std::size_t n, FILE* to) {
  access_by(__builtin_return_address(0)).reads(from, size * n);
  return fwrite(from, size, n, to);
}

PAWL_HOOK std::size_t __wrap_fread(void* to, std::size_t size, std::size_t n, FILE* from) {
  const std::size_t found = fread(to, size, n, from);
  access_by(__builtin_return_address(0)).writes(to, size * found);
  return found;
}
PAWL_HOOK char* __wrap_fgets(char* to, int n, FILE* from) {
  char* const found = fgets(to, n, from);
  if (found != nullptr) access_by(__builtin_return_address(0)).writes(to, std::strlen(to) + 1);
  return found;
}
PAWL_HOOK ssize_t __wrap_getdelim(char** to, std::size_t* room, int end, FILE* from) {
  const access_by a(__builtin_return_address(0));
  a.writes(to, sizeof *to);
  a.writes(room, sizeof *room);
  const ssize_t n = getdelim(to, room, end, from);
  if (n >= 0) a.writes(*to, static_cast<std::size_t>(n) + 1);
  return n;
}
PAWL_HOOK ssize_t __wrap_getline(char** to, std::size_t* room, FILE* from) {
  const access_by a(__builtin_return_address(0));
  a.writes(to, sizeof *to);
  a.writes(room, sizeof *room);
  const ssize_t n = getline(to, room, from);
  if (n >= 0) a.writes(*to, static_cast<std::size_t>(n) + 1);
  return n;
}

#include "output.hpp"

#include <stdio_ext.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <ext/stdio_sync_filebuf.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string_view>

#include "../../fiber/memory.hpp"

namespace pawl::check::instrumented {
namespace {

// A fixed buffer: nothing is allocated, or asked of the system, in an execution that is not told.
constexpr std::size_t most = std::size_t{64} * 1024;
char text[most];
std::size_t size = 0;
bool is_cut = false;

struct {
  std::string all;
  bool is_read = false;
  std::size_t at = 0;
  FILE* stream = nullptr;
} input;

ssize_t write_stream(void*, const char* bytes, std::size_t n) {
  print(bytes, n);
  return static_cast<ssize_t>(n);
}

ssize_t read_stream(void*, char* to, std::size_t n) {
  return static_cast<ssize_t>(read_input(to, n));
}

// Without a buffer of its own, which would outlive an execution.
FILE* open_stream(const char* mode) {
  FILE* const stream = fopencookie(nullptr, mode, {read_stream, write_stream, nullptr, nullptr});
  std::setvbuf(stream, nullptr, _IONBF, 0);
  return stream;
}

template <class Char>
void redirect(std::basic_ios<Char>& to, FILE* stream) {
  to.rdbuf(new __gnu_cxx::stdio_sync_filebuf<Char>(stream));
}

void read_all() {
  const fiber::outside_heap outside;
  input.is_read = true;
  char block[4096];
  while (const long n = ::syscall(SYS_read, STDIN_FILENO, block, sizeof block)) {
    if (n < 0) return;
    input.all.append(block, static_cast<std::size_t>(n));
  }
}

}  // namespace

void capture_output() {
  stdout = open_stream("w");
  stderr = open_stream("w");
  stdin = input.stream = open_stream("r");
  redirect(std::cout, stdout);
  redirect(std::cerr, stderr);
  redirect(std::clog, stderr);
  redirect(std::cin, stdin);
  redirect(std::wcout, stdout);
  redirect(std::wcerr, stderr);
  redirect(std::wclog, stderr);
  redirect(std::wcin, stdin);
}

bool is_captured(const FILE* file) {
  return input.stream != nullptr && (file == stdout || file == stderr || file == stdin);
}

void forget_output() {
  size = 0;
  is_cut = false;
  if (input.at == 0) return;
  input.at = 0;
  __fpurge(input.stream);
  std::clearerr(input.stream);
}

void print(const void* bytes, std::size_t n) {
  const std::size_t kept = std::min(n, most - size);
  std::memcpy(text + size, bytes, kept);
  size += kept;
  is_cut |= kept < n;
}

std::string printed() { return std::string(text, size) + (is_cut ? "\n(and more)\n" : ""); }

std::size_t read_input(void* to, std::size_t n) {
  if (!input.is_read) read_all();
  const std::size_t taken = std::min(n, input.all.size() - input.at);
  std::memcpy(to, input.all.data() + input.at, taken);
  input.at += taken;
  return taken;
}

}  // namespace pawl::check::instrumented

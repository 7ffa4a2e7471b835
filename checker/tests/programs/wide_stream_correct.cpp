// The standard streams carry wide characters, too, beside others.
// input: one two
// expect one: PASS complete=1
// expect line: PASS complete=1
// expect stream: PASS complete=1
// expect polls: PASS complete=8 blocked=0
#include <atomic>
#include <cassert>
#include <cstring>
#include <cwchar>
#include <iostream>
#include <string>
#include <thread>

static void read_one() {
  assert(std::getwchar() == L'o');
  assert(std::ungetwc(L'O', stdin) == L'O');
  assert(std::fgetwc(stdin) == L'O' && std::getchar() == 'n');
  assert(std::putwchar(L'x') == L'x' && std::fputws(L"yz", stdout) >= 0);
  assert(std::wprintf(L"%ls %d\n", L"text", 42) == 8);
}

static void read_line() {
  wchar_t text[16];
  assert(std::fgetws(text, 4, stdin) == text && std::wcscmp(text, L"one") == 0);
  assert(std::fgetws(text, 16, stdin) == text && std::wcscmp(text, L" two") == 0);
  assert(std::fgetws(text, 16, stdin) == nullptr);
}

static void read_stream() {
  std::wstring first, second, none;
  std::wcin >> first >> second;
  assert(first == L"one" && second == L"two" && !(std::wcin >> none));
  std::wcout << first << std::endl;
  std::wcerr << second << std::endl;
}

static std::atomic<bool> stop;

static void read_until_told() {
  while (std::getwchar() != WEOF && !stop) {}
}

int main(int, char** arguments) {
  if (std::strcmp(arguments[1], "one") == 0) read_one();
  if (std::strcmp(arguments[1], "line") == 0) read_line();
  if (std::strcmp(arguments[1], "stream") == 0) read_stream();
  if (std::strcmp(arguments[1], "polls") != 0) return 0;
  std::thread reader(read_until_told);
  stop = true;
  reader.join();
}

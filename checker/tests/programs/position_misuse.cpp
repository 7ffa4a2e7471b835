// What a loop has read while it waited is gone: the position is not what it was.
// input: one two
// expect stream: FAIL assertion: std::getc(file) == '/'
// expect seek: FAIL assertion: position == 0
// expect folder: FAIL assertion: telldir(folder) == first
// expect standard: FAIL assertion: text == "one"
// expect file_stream: FAIL assertion: file.get() == '/'
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>

std::atomic<bool> done;

void wait_and(auto move) {
  while (!done.load()) move();
}

void stream() {
  std::FILE* const file = std::fopen(__FILE__, "r");
  wait_and([=] { std::getc(file); });
  assert(std::getc(file) == '/');
}

void seek() {
  const int file = open(__FILE__, O_RDONLY);
  wait_and([=] { lseek(file, 1, SEEK_CUR); });
  const off_t position = lseek(file, 0, SEEK_CUR);
  assert(position == 0);
}

void folder() {
  DIR* const folder = opendir("/");
  const long first = telldir(folder);
  wait_and([=] { readdir(folder); });
  assert(telldir(folder) == first);
}

void standard() {
  std::string text;
  wait_and([&] { std::cin >> text; });
  if (text.empty()) std::cin >> text;
  assert(text == "one");
}

void file_stream() {
  static std::ifstream file(__FILE__);
  wait_and([] { file.get(); });
  assert(file.get() == '/');
}

int main(int, char** argv) {
  const std::string_view name = argv[1];
  std::thread t(name == "stream"     ? stream
                : name == "seek"     ? seek
                : name == "folder"   ? folder
                : name == "standard" ? standard
                                     : file_stream);
  done = true;
  t.join();
}

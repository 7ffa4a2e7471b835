// Prints in all ways there are, reads, and fails if it is told so.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

int main(int argc, char** argv) {
  for (int i = 0; i < argc; ++i) std::printf("argument %s\n", argv[i]);
  std::thread([] { std::puts("a thread"); }).join();
  std::cout << "cout" << std::endl;
  std::cerr << "cerr\n";
  std::fprintf(stderr, "stderr\n");
  dprintf(1, "%d %s\n", 1, "dprintf");
  static_cast<void>(!write(2, "write\n", 6));
  int sum = 0;
  for (int n = 0; std::cin >> n;) sum += n;
  std::cout << "sum " << sum << '\n';
  std::string first;
  std::ifstream("speak.cpp") >> first;
  std::cout << first << '\n';
  if (std::getenv("WRITES") != nullptr) std::ofstream("written") << "text";
  return std::getenv("FAILS") != nullptr ? 1 : 0;
}

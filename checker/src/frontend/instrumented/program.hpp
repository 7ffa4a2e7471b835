// The program that runs under the checker: its main(), its static data, what it prints.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../../engine/whole_program.hpp"
#include "heap.hpp"

namespace pawl::check::instrumented {

using main_function = int (*)(int, char**, char**);

/// Effects: explores the program whose main() this is. Returns: the exit code of the process.
int explore_program(main_function, int argc, char** argv, char** environment);

/// Static data that the executable may write.
[[nodiscard]] std::span<std::byte> writable_data();

/// The thread-local variables of the executable, for the running OS thread.
[[nodiscard]] std::span<std::byte> thread_local_data();

class program final : public engine::whole_program {
 public:
  program(main_function, std::vector<std::string> arguments, char** environment);

  void put_back() override;
  void resume_thread(unsigned t) override;
  void pause_thread(unsigned t) override;
  void note_free(const void* p, std::size_t size) override;
  void forget_reachable(const engine::runtime&, std::vector<fiber::block*>& live) override;
  [[nodiscard]] std::string name_of(const rt::atomic_object&) override;
  void resolve_sites() override;
  [[nodiscard]] std::span<const std::byte> static_data() const override;

  /// Effects: what the first thread does.
  void run();

 private:
  main_function main_;
  std::vector<std::string> arguments_;
  std::vector<char*> argv_;
  char** environment_;
  std::span<std::byte> data_;
  std::vector<std::byte> data_before_;
  std::span<std::byte> locals_;
  std::vector<std::byte> locals_before_;
  std::vector<std::vector<std::byte>> locals_of_;  // Of each thread.
  std::array<int, rt::max_threads> errno_of_{};    // The same.
};

extern program* the_program;

}  // namespace pawl::check::instrumented

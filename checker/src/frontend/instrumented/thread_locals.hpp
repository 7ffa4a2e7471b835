// Thread-local variables: those of the program, and what the C and C++ libraries keep of each
// thread — errno, exceptions, what std::call_once() calls.
//
// The first thread of the model has those of the process's first. Each other one has those of an OS
// thread that does nothing but sleep, at addresses that depend only on the thread's number: while
// the thread of the model runs, the thread pointer is that of the other.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <pawl/check/runtime.hpp>

namespace pawl::check::instrumented {

class thread_locals {
 public:
  /// For the OS thread that explores, just before main() begins.
  thread_locals();
  ~thread_locals();
  thread_locals(const thread_locals&) = delete;

  /// Effects: all variables are again what they are when a thread begins.
  void put_back();
  /// Effects: the variables are those of thread t. Throws fiber::out_of_memory.
  void enter(unsigned t);
  /// Effects: thread t, whose variables these are, stands still. They stay, so that none need be
  ///   exchanged if it goes on.
  void leave(unsigned t);
  /// Effects: the variables are those of the checker again.
  void end();
  /// Those of the program in thread t; empty: it has not run yet.
  [[nodiscard]] std::span<const std::byte> of(unsigned t) const;

  /// The program's in the first thread.
  [[nodiscard]] static std::span<std::byte> of_first();

 private:
  struct block;
  void make(unsigned t);
  void exchange(unsigned t);

  std::array<std::unique_ptr<block>, rt::max_threads> blocks_;
  std::array<void*, rt::max_threads> pointers_{};  // Of each block.
  unsigned now_ = 0;                               // Whose they are.
  int first_errno_ = 0;
};

}  // namespace pawl::check::instrumented

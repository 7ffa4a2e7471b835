// Notices when a program writes static data while it is explored.
//
// The pages of static data — of the executable and of every shared library but the C and C++
// runtimes — are read-only while anybody watches. The first write to one faults; the signal handler
// opens the page and tells the runtime whose program wrote (see crash.cpp), and the write goes on.
// What nobody writes costs nothing.
#pragma once

#include <cstdint>

namespace pawl::check::engine {

/// While one lives, static data is read-only but for the writes that open() lets pass. It is that
/// for the whole process. Needs a crash_watch.
class write_watch {
 public:
  write_watch();
  ~write_watch();
  write_watch(const write_watch&) = delete;

  /// Effects: makes what was opened read-only again, before the next of so many runs.
  /// Returns: false if so much is written, by whomever, that it does not pay.
  [[nodiscard]] bool renew(std::uint64_t runs);

  /// Effects: opens everything until somebody renews, for code that may have the kernel write
  ///   there: a system call fails where an instruction would be let pass.
  static void open_all();
  /// Effects: opens the page. Returns: false if the address is none of static data. For the signal
  ///   handler.
  static bool open(const void* address);
  /// True for the code of the dynamic linker, which binds functions when they are first called.
  [[nodiscard]] static bool is_linker(const void* code);
};

}  // namespace pawl::check::engine

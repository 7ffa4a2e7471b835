// What the engine asks of the front end that runs whole programs (frontend/instrumented): how to
// put their memory back, and what things are called in them. Models need none of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <pawl/check/explore.hpp>
#include <pawl/check/runtime.hpp>

#include "../fiber/memory.hpp"
#include "view.hpp"

namespace pawl::check::engine {

class runtime;
struct written_on_stack;

/// Plain data that threads race for, first for this byte: accesses are events of `unit` bytes.
struct explored_granule {
  std::uint32_t number, unit, first;
  friend bool operator==(const explored_granule&, const explored_granule&) = default;
};

class whole_program {
 public:
  /// Effects: before an execution: static data is again what it was when main() began.
  virtual void put_back() = 0;
  /// Effects: on the first thread, calls `body`, and does what is to be done when main() returns.
  virtual void run(const check::program& body) = 0;
  /// Effects: thread t of the model goes on, or pauses: thread-local memory is its own, until
  ///   another thread goes on.
  virtual void resume_thread(unsigned t) = 0;
  virtual void pause_thread(unsigned t) = 0;
  /// Effects: none goes on: thread-local memory is that of the checker.
  virtual void pause() = 0;
  /// Effects: notes that what the running thread does until its next operation comes after what is
  ///   in the view.
  virtual void begin_turn(runtime&, view) = 0;
  /// Effects: notes an allocation by the running thread.
  virtual void note_allocation(const void* p, std::size_t size) = 0;
  /// Effects: notes that the running thread frees an allocation.
  virtual void note_free(const void* p, std::size_t size) = 0;
  /// Effects: takes away the blocks that the program still has pointers to, from its static data or
  ///   from other blocks that it has pointers to. `live`: by ascending address.
  virtual void forget_reachable(const runtime&, std::vector<fiber::block*>& live) = 0;
  /// The variable that the object stands for; empty: unknown.
  [[nodiscard]] virtual std::string name_of(const rt::atomic_object&) = 0;
  /// Where the program goes on after the operation at this place.
  [[nodiscard]] virtual const void* code_after(rt::site) = 0;
  /// The value that has this number, of an object of more than a word.
  [[nodiscard]] virtual std::string text_of(rt::word number) = 0;
  /// "&queue.head", if the value of a word is the address of a variable; else empty.
  [[nodiscard]] virtual std::string address_text(rt::word value) = 0;
  /// Effects: from now on all sites have files and lines.
  virtual void resolve_sites() = 0;
  /// What the program has printed in the latest execution.
  [[nodiscard]] virtual std::string output() = 0;
  [[nodiscard]] virtual std::span<const std::byte> static_data() const = 0;
  /// Effects: adds what others have written to the thread's stack, as far as it has lent them that.
  virtual void writes_to_stack(const runtime&, unsigned owner,
                               std::vector<written_on_stack>& out) const = 0;
  /// Effects: of this data it is known that threads race for it.
  virtual void explore(std::span<const explored_granule>) = 0;
  [[nodiscard]] virtual std::span<const explored_granule> explored() const = 0;
  /// What the program calls it, each once.
  [[nodiscard]] virtual std::vector<std::string> racing_data() const = 0;

 protected:
  ~whole_program() = default;
};

/// Null: models run that are written against the model backend.
inline constinit whole_program* the_whole_program = nullptr;

/// Plain accesses of the whole program since the latest operation. Below 0 while nothing is to be
/// done but to note them: as many may still come. 0 when it does not run. Not written while models
/// run, whose own writes to static data are watched.
inline constinit std::int32_t plain_accesses = 0;

}  // namespace pawl::check::engine

// Loops that spin: recognised when a thread comes back to where it was.
//
// An iteration spins if it leaves the private state of its thread as it was and does nothing but
// read. Taking it out of an execution leaves an execution of the same program: the thread goes on
// from the same state, no other thread reads anything from the iteration, and a graph with fewer
// reads and fences has fewer constraints and less happens-before, so that it is consistent and its
// data races remain, but for those of the iteration itself (skipped_reads.hpp). Every outcome and
// every bug is therefore found in an execution without repetition, and the thread is cut before it
// begins the next iteration, as if by assume(false). Later stores still revisit what it has read,
// or the read becomes a wait (spin_waits.hpp).
//
// SILENT. Of whole programs, an update that leaves the value as it was counts as a read, too: who
// has read it can read its source instead, which has the same value and is next to it in mo. What
// the source hands over reaches him as before, since updates continue release sequences, and of
// what the update itself handed over there is less happens-before.
//
// The private state is what native code can go on from: the callee-saved registers and the live
// stack at the hook of an atomic read, compared byte by byte. Return addresses in it say where the
// program is. Whatever else native code writes — other stacks, model heaps, static variables, the
// stack that the exploration was called on — ends the history, like every operation that is not a
// read. Slots that are dead may delay recognition, but never cause it. Not looked at are native
// thread_local variables, variables of shared libraries and memory that was allocated before the
// exploration.
//
// Of whole programs every write is known; only what a thread itself writes to static variables, in
// code without hooks, is looked for. What others write there ends no history of its own, and what
// they write to variables that the thread has lent them is no state of it (adopt()). Of their
// registers and slots only those are compared that the thread can still read, as far as their
// machine code tells (liveness.hpp), and plain reads are remembered (skipped_reads.hpp).
//
// Reads of cells keep the history. What a cell holds can only change between two of them if the
// other thread's write happens before the second, which takes an atomic read that synchronises; it
// is part of the iteration, and reading the cell left the state as it was.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <pawl/check/runtime.hpp>

#include "static_data.hpp"
#include "view.hpp"

namespace pawl::check::fiber {
class thread_memory;
}

namespace pawl::check::engine {

using memory_span = std::span<const std::byte>;

/// True where the layout of a hook's frame is known.
#if defined(__x86_64__)
inline constexpr bool spins_recognised = true;
#else
inline constexpr bool spins_recognised = false;
#endif

/// The state in which a hook was entered, from the address of the hook's frame: below that lie the
/// callee-saved registers, if the hook contains __builtin_unwind_init(), above it its callers.
[[nodiscard]] memory_span state_at(const void* frame, const fiber::thread_memory&);

/// Bytes with their hash, which is a filter only.
struct hashed_state {
  memory_span bytes;
  std::uint64_t hash = 0;
};
[[nodiscard]] hashed_state hashed(memory_span);
[[nodiscard]] bool operator==(const hashed_state&, const hashed_state&);

/// What somebody has accessed.
struct plain_bytes {
  std::uintptr_t begin, end;
  [[nodiscard]] bool meets(const plain_bytes& other) const {
    return begin < other.end && other.begin < end;
  }
  friend auto operator<=>(const plain_bytes&, const plain_bytes&) = default;
};

/// What another thread has written to these of 8 bytes of somebody's stack, when it had executed so
/// many events; and how many the owner had when it wrote there last.
struct written_on_stack {
  std::uintptr_t at;
  std::uint8_t bytes;
  thread_index writer;
  std::int32_t after, owner_wrote;
};

/// The states in which a thread stood before its atomic reads since it last did something else than
/// read, or write what it may undo.
class reading_history {
 public:
  void clear() {
    marks_.clear();
    bytes_.clear();
    plain_.clear();
    atomic_.clear();
    fenced_ = wrote_ = 0;
  }
  [[nodiscard]] bool empty() const { return marks_.empty(); }
  /// The thread executed a fence, its event of this index.
  void fence(std::uint16_t index) { fenced_ = index; }
  /// It wrote, with its event of this index, what may be undone later (in_vain.hpp).
  void write(std::uint16_t index) { fenced_ = wrote_ = index; }
  /// True if it wrote when it had executed so many events, or later.
  [[nodiscard]] bool wrote_since(std::uint16_t executed) const { return wrote_ > executed; }
  /// True if since the thread had executed so many events it has only read, and passed no fence: no
  /// other thread can tell then from now.
  [[nodiscard]] bool only_reads_since(std::int32_t executed) const {
    return !marks_.empty() && executed >= marks_.front().executed && executed >= fenced_;
  }
  /// Notes that the thread stands in `state` after so many events. `begun`: what others have done
  /// after fewer events than that comes before. Returns the latest note of the same state before,
  /// or -1.
  int note(const hashed_state& state, std::uint16_t executed,
           std::span<const std::uint16_t> begun = {});
  /// Effects: the notes are as if those writes had come before, with what `now` has there, unless
  ///   the owner has written there since. Without an iteration that others have written in, the
  ///   thread would stand before it in a state that has their writes.
  void adopt(const hashed_state& now, const std::byte* stack_top,
             std::span<const written_on_stack>);
  /// The latest note of `state` among the first n; -1: there is none.
  [[nodiscard]] int latest(const hashed_state& state, std::size_t n) const;
  /// Notes that it has read plain data since.
  void read_plain(plain_bytes);
  /// Notes that it has called an atomic operation, or a lock, since.
  void access_atomic(plain_bytes);
  /// What it has read of that since the i-th note.
  [[nodiscard]] std::span<const plain_bytes> plain_since(std::size_t i) const {
    return std::span(plain_).subspan(marks_[i].plain);
  }
  /// What it has accessed atomically since.
  [[nodiscard]] std::span<const plain_bytes> atomic_since(std::size_t i) const {
    return std::span(atomic_).subspan(marks_[i].atomic);
  }
  /// The states that were noted, the latest one last.
  struct stand {
    hashed_state state;
    std::uint16_t executed;
  };
  [[nodiscard]] std::size_t marks() const { return marks_.size(); }
  [[nodiscard]] stand at(std::size_t i) const {
    const mark& m = marks_[i];
    return {{{bytes_.data() + m.begin, m.size}, m.hash}, m.executed};
  }
  /// Effects: the latest note was not made.
  void forget_last() {
    bytes_.resize(marks_.back().begin);
    marks_.pop_back();
  }

 private:
  static constexpr std::size_t most_marks = 128;  // Longer iterations are not recognised.
  struct mark {
    std::uint64_t hash;
    std::size_t begin, size, plain, atomic;
    std::uint16_t executed;
    std::array<std::uint16_t, rt::max_threads> begun{};
  };
  std::uint16_t fenced_ = 0, wrote_ = 0;
  std::vector<mark> marks_;
  std::vector<std::byte> bytes_;
  std::vector<plain_bytes> plain_, atomic_;
};

/// What native code may write without the checker being told, apart from its own stack.
class foreign_memory {
 public:
  foreign_memory();
  /// Where the running thread might write: stacks of others and heaps. This object, which changes
  /// itself, must not lie there.
  void begin() { parts_.clear(); }
  void add(memory_span part) { parts_.push_back(part); }
  /// Adds the stack that the exploration was called on, from its stack pointer on.
  void add_host_stack(const void* stack_pointer);
  void remember() { copy(parts_, copy_); }
  [[nodiscard]] bool unchanged() const { return equal(parts_, copy_); }
  /// True if no thread has changed a static variable of the program since the last call. There are
  /// too many to copy them often: compilers put constants among them.
  [[nodiscard]] bool statics_unchanged();

 private:
  static void copy(const std::vector<memory_span>& parts, std::vector<std::byte>& out);
  static bool equal(const std::vector<memory_span>& parts, const std::vector<std::byte>& copy);

  const std::byte* host_end_ = nullptr;
  std::vector<memory_span> parts_;
  std::vector<std::byte> copy_;
  static_data statics_;
};

/// Clears what the engine left on the running stack, for the program's next frames to lie on.
void clear_stack_below();
/// Clears what former executions left at the base of a stack.
void clear_stack(const fiber::thread_memory&);

}  // namespace pawl::check::engine

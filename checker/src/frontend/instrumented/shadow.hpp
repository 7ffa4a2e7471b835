// Shadow memory: for every 8 bytes of a program's memory, who accessed them, and which atomic
// objects lie there.
//
//   granule   8 aligned bytes of the program
//   cell      what is known of a granule in this run: accesses that a later one may race with
//   object    the engine's state of the atomic object that begins at an address
//
// Cells and objects lie at fixed distances from what they stand for, so that objects have the same
// address in every execution and every process.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../../engine/runtime.hpp"
#include "../../engine/whole_program.hpp"
#include "../../fiber/memory.hpp"
#include "cell.hpp"
#include "heap.hpp"

namespace pawl::check::instrumented {

/// False for an atomic object whose value is a word of the engine.
[[nodiscard]] inline bool is_large(const volatile void* p, std::size_t size) {
  return reinterpret_cast<std::uintptr_t>(p) % granule_size + size > granule_size;
}

/// The engine's state of an atomic object, of all lifetimes at an address.
struct object_slot {
  rt::atomic_object object;
  /// Of a lifetime that has not begun but in this run: who made it, and the how-manieth of theirs.
  std::uint32_t maker, nth;
};
static_assert(sizeof(object_slot) == 32);

class shadow {
 public:
  /// Effects: reserves addresses. `data`: static, what the program may write of it. `locals`: its
  ///   thread-local variables in the first thread; those of others are in the memory of the model.
  void map(std::span<std::byte> data, std::span<std::byte> locals);

  /// Effects: from now on, accesses are by the running thread, and come after what is in the view.
  static void begin_turn(engine::runtime& r, engine::view before) {
    const bool rarely =
        r.observe != nullptr || r.watches_spins() || r.asked().races == race_use::explore;
    engine::plain_accesses = rarely ? 0 : -most_plain_accesses;
    now_ = {access::this_moment(r), r.search.graph.views.all(before), r.course.number};
    if ((lenders_ >> r.running() & 1) != 0) [[unlikely]]
      take_back(r);
  }
  /// Effects: main() has returned, or ended its thread: its variables live on, until the process
  ///   ends.
  static void end_main() { main_has_ended_ = true; }
  /// Effects: adds what others have written to variables that this thread has lent them.
  void writes_to_stack(const engine::runtime&, engine::thread_index owner,
                       std::vector<engine::written_on_stack>& out);
  /// A plain access; nothing, if it is not a model thread that runs the program. A race ends the
  /// run.
  static void plain(const void* p, std::size_t size, bool writes, const void* code);
  /// The same, a read of what a library's function copies at once.
  void plain_copied(const void* p, std::size_t size, const void* code);
  /// What an atomic operation reads or writes besides its object. A loop that spins may do so
  /// anywhere. A write comes next, and then finish_write().
  void beside(engine::runtime& r, const void* p, std::size_t size, bool writes, const void* code) {
    const bool on_stack =
        p >= __builtin_frame_address(0) && p < r.thread(r.running()).memory.stack_top();
    if (!on_stack || (lenders_ >> r.running() & 1) != 0) [[unlikely]]
      beside_elsewhere(r, p, size, writes, code);
  }
  /// An allocation: what lies before and behind it is outside.
  void begin_allocation(engine::runtime&, const void* p, std::size_t size);
  /// Effects: an execution begins: there are no allocations but those that are kept.
  void forget_allocations() { large_.clear(); }
  /// Effects: from now on these granules are explored. Of none it is known that threads race.
  void explore(std::span<const engine::explored_granule>);
  [[nodiscard]] std::span<const engine::explored_granule> explored() const { return explored_; }
  /// What the program calls it, each once.
  [[nodiscard]] std::vector<std::string> racing_data() const;
  /// Effects: what the running thread was about to write is written.
  void finish_write(engine::runtime& r) {
    if (writers_ != 0) [[unlikely]]
      end_write(r);
  }
  /// Effects: an execution begins: nobody is about to write.
  static void forget_writes() { writers_ = 0; }
  /// Effects: an execution begins: no thread uses the stack of another.
  static void forget_lent();
  /// Effects: what is allocated there is so in every execution.
  void keep_allocations(const fiber::thread_memory&);
  /// The end of an allocation: a write to all its bytes that nothing may come after.
  void end_allocation(engine::runtime&, const void* p, std::size_t size, const void* code);
  /// The atomic object at p, for an access by the running thread.
  rt::atomic_object& object(engine::runtime&, const void* p, unsigned size, bool writes,
                            const void* code);
  /// Effects: an access for which object() was called turns out to write.
  void write_too(engine::runtime&, const void* p, unsigned size, const void* code);
  /// The same, of an object that does not lie within a granule: its values are numbers of
  /// the_large_values.
  rt::atomic_object& large_object(engine::runtime&, const void* p, std::size_t size, bool writes,
                                  const void* code);
  /// The same, of something that waits: a mutex and the like, whose value is the checker's own. It
  /// stands for the first 4 bytes of what the program has there.
  rt::atomic_object& primitive(engine::runtime&, const void* p, rt::show_as, rt::word initial,
                               const void* code);
  /// Effects: begins another lifetime of it, with this value.
  rt::atomic_object& begin_primitive(engine::runtime&, const void* p, rt::show_as, rt::word initial,
                                     const void* code);
  /// What belongs to p, where the program has a value: a queue of those that wait, or a lock.
  rt::atomic_object& beside(engine::runtime&, const void* p, rt::show_as, const void* code);
  /// Effects: the execution fails: the running thread cannot use an atomic object there, see `why`.
  [[noreturn]] void refuse(engine::runtime&, const void* p, std::size_t size, std::string_view why,
                           const void* code);
  /// False for what no objects may lie in: data of libraries.
  [[nodiscard]] bool covers(const void* p) const { return offset_of(p) != not_covered; }
  /// Effects: an execution has ended: memory holds the last values of atomic objects that live.
  void write_last_values(const engine::runtime&) const;
  /// What the object stands for; null: no object of a program.
  [[nodiscard]] const void* address_of(const rt::atomic_object&) const;

 private:
  static constexpr std::size_t not_covered = ~std::size_t{0};
  /// Between two operations: some seconds. A loop that waits for plain data to change does not end,
  /// since nobody else runs meanwhile.
  static constexpr std::int32_t most_plain_accesses = 1 << 26;
  [[noreturn]] static void stop_endless_loop(engine::runtime&, const void* code);

  /// As it was left, perhaps by another run.
  [[nodiscard]] static cell& known_cell_at(std::size_t offset) {
    return reinterpret_cast<cell*>(cells_at)[offset / granule_size];
  }
  [[nodiscard]] static std::size_t offset_of(const cell& c) {
    return (reinterpret_cast<std::uintptr_t>(&c) - cells_at) / sizeof(cell) * granule_size;
  }
  /// In this run.
  [[nodiscard]] cell& cell_at(std::size_t offset, std::uint32_t run) {
    cell& c = known_cell_at(offset);
    if (c.run != run) c.begin(run, outside_at(c, offset), stack_at(offset));
    return c;
  }
  /// As cell::stack.
  [[nodiscard]] static std::uint8_t stack_at(std::size_t offset) {
    using region = fiber::region;
    if (offset >= region::span || offset % region::thread_span >= fiber::thread_memory::heap_offset)
      return 0;
    return static_cast<std::uint8_t>(1 + offset / region::thread_span);
  }
  /// Another thread's stack or heap, of which more is to be known.
  [[nodiscard]] static bool is_of_another(const cell& c, engine::thread_index t) {
    return c.is_on_stack_of_another(t) || is_in_heap_of_another(c, t);
  }
  [[nodiscard]] static bool is_in_heap_of_another(const cell& c, engine::thread_index t) {
    using region = fiber::region;
    const std::size_t offset = offset_of(c);
    return offset < region::span && offset - t * region::thread_span >= region::thread_span &&
           offset % region::thread_span >= fiber::thread_memory::heap_offset;
  }
  /// Effects: the first access to it in this run is by the thread.
  void begin_cell(cell& c, std::size_t offset, engine::thread_index t) {
    const std::size_t in_own = offset - t * fiber::region::thread_span;
    if (in_own < fiber::thread_memory::heap_offset)
      c.begin(now_.run, 0, static_cast<std::uint8_t>(t + 1));
    else
      c.begin(now_.run, outside_at(c, offset),
              in_own < fiber::region::thread_span ? std::uint8_t{0} : stack_at(offset));
  }
  /// The same; null: p is not covered.
  [[nodiscard]] cell* cell_of(const void* p, std::uint32_t run);
  /// The slot of an object at p; made, if it has none yet.
  [[nodiscard]] object_slot& slot_of(const void* p);
  void plain_rarely(const void* p, std::size_t size, bool writes, const void* code);
  void plain_usually(const void* p, std::size_t offset, std::size_t size, bool writes,
                     const void* code);
  void plain_anywhere(const void* p, std::size_t size, bool writes, const void* code);
  void plain_watched(engine::runtime&, const void* p, std::size_t size, bool writes,
                     const void* code);
  void plain_elsewhere(const void* p, std::size_t size, bool writes, const void* code);
  void beside_elsewhere(engine::runtime&, const void* p, std::size_t size, bool writes,
                        const void* code);
  static void plain_in_granule(cell&, access);
  static void plain_in_few(cell&, access);
  static void plain_in_new_granule(cell&, access);
  static void plain_in_unused(cell&, access);
  static void plain_in_crowd(cell&, access);
  static void plain_in_general(cell&, access);
  void plain_in(engine::runtime&, cell&, access, std::uintptr_t granule, std::uintptr_t end);
  void check(engine::runtime&, cell&, access, std::uintptr_t granule, bool atomic);

  // Data that threads race for, see explored.cpp.
  [[nodiscard]] static unsigned unit_of(std::uint8_t bytes);
  /// Effects: the search starts anew, in which the granule is explored.
  [[noreturn]] void explore(engine::runtime&, cell&, unsigned unit, const void* p,
                            const void* code);
  void explore_loop(engine::runtime&, const void* p, std::size_t size, const void* code);
  [[nodiscard]] bool is_explored(engine::runtime&, const void* p, std::size_t size);
  [[nodiscard]] bool is_primitive(const cell&, const void* p);
  template <class Plain, class Unit>
  void for_units(engine::runtime&, const void* p, std::size_t size, const void* code, Plain, Unit);
  void plain_explored(const void* p, std::size_t size, bool writes, const void* code);
  void explore_access(engine::runtime&, const void* p, std::size_t size, bool writes,
                      const void* code, const void* frame);
  [[noreturn]] void refuse_reads(engine::runtime&, const void* p, const void* code);
  [[nodiscard]] static rt::word load_unit(engine::runtime&, const rt::atomic_object&,
                                          const void* frame, const void* code);
  void end_write(engine::runtime&);

  // Variables of functions that threads let others use, see frames.cpp.
  void lend(engine::runtime&, cell&, access, std::uintptr_t granule, bool atomic);
  void lend_object(cell&, const void* p);
  static void take_back(engine::runtime&);
  /// What is over when a function returns: of plain accesses, of atomic ones that write, of loads.
  struct before_return {
    happened_before plain, writes, loads;
  };
  void check_returned(engine::runtime&, const cell&, std::uintptr_t granule, const before_return&);
  void check_returned(engine::runtime&, const rt::atomic_object&, const void*,
                      const before_return&);
  void end_returned(engine::runtime&, cell&, std::uintptr_t granule);
  /// The first access to a cell in this run: of heaps of others, the allocation happens before.
  void check_allocated(engine::runtime&, access, std::uintptr_t granule, bool atomic);
  rt::atomic_object& object_rarely(engine::runtime&, const void* p, unsigned size, bool writes,
                                   const void* code);
  cell& cell_for(engine::runtime&, const void* p, unsigned size, bool writes, const void* code);
  /// Its bytes that are outside of allocations, unless this run has marked it.
  [[nodiscard]] std::uint8_t outside_at(const cell& c, std::size_t offset) const {
    using memory = fiber::thread_memory;
    const std::size_t in_thread = offset % fiber::region::thread_span;
    const bool in_heap = in_thread >= memory::heap_offset && in_thread < memory::mapped;
    if (offset >= fiber::region::span || !in_heap || is_kept(offset)) return c.always;
    return outside_in_heap(fiber::region::first_address + offset);
  }
  [[nodiscard]] std::uint8_t outside_in_heap(std::uintptr_t granule) const;
  /// Lies in what every execution begins with.
  [[nodiscard]] bool is_kept(std::size_t offset) const {
    return offset >= boot_thread * fiber::region::thread_span && offset < kept_end_;
  }
  /// All that is known of the granule happens before the access, and its memory was not freed.
  [[nodiscard]] static bool is_last(const cell& c, access a) {
    return c.count == 0 || c.is_all_before(a, now_.before);
  }
  [[nodiscard]] cell& heap_cell(std::uintptr_t address);
  template <class Mark>
  void for_cells(std::uintptr_t begin, std::uintptr_t end, Mark);
  /// An access up to `end` by which the run ends, since it has bytes of the cell that are outside.
  [[noreturn]] void out_of_bounds(engine::runtime&, const cell&, access, std::uintptr_t granule,
                                  std::uintptr_t end, bool atomic);
  void meet_atomics(engine::runtime&, cell&, access, std::uintptr_t granule, std::uintptr_t end);
  void meet_object(engine::runtime&, access, void* object, std::uintptr_t begin,
                   std::uintptr_t end);
  void end_lifetime(engine::runtime&, object_slot&, const void* p);
  [[noreturn]] void other_size(engine::runtime&, const void* p, std::size_t size, const void* code);
  rt::atomic_object& begin_lifetime(engine::runtime&, cell&, const void* p, unsigned size,
                                    rt::show_as, rt::word initial, const void* code);

  static constexpr std::size_t taken_by_primitives = 4;  // The smallest is an int.
  /// The value is the program's, not that of a mutex or the like.
  [[nodiscard]] static bool is_value(const rt::atomic_object& o) {
    return o.show <= rt::show_as::bytes;
  }
  /// How many bytes of the program it stands for.
  [[nodiscard]] static std::size_t extent_of(const rt::atomic_object&);
  /// Effects: those of its bytes at `to` that lie outside of [from, end) have this value.
  static void put_value(const rt::atomic_object&, rt::word, void* to, std::uintptr_t from = 0,
                        std::uintptr_t end = 0);
  /// The object that begins before the granule and has bytes of it; null: none.
  [[nodiscard]] void* object_into(std::uintptr_t granule, std::uint32_t run);
  /// False for bytes that the program has not written, as far as they hold what the checker left.
  [[nodiscard]] static bool is_known(const cell&, const void* p, std::uint8_t bytes);

  /// How far p is from the beginning of all that is covered, one piece after the other, and back.
  [[nodiscard]] std::size_t offset_of(const void* p) const {
    const auto address = reinterpret_cast<std::uintptr_t>(p);
    const std::size_t in_threads = address - fiber::region::first_address;
    if (in_threads < fiber::region::span) return in_threads;
    for (const piece& each : pieces_)
      if (address - each.begin < each.size) return each.offset + (address - each.begin);
    return not_covered;
  }
  [[nodiscard]] const void* at_offset(std::size_t) const;

  struct allocation {
    std::uintptr_t begin, end;
  };
  void note_large(allocation);

  struct piece {
    std::uintptr_t begin = 0;
    std::size_t size = 0, offset = 0;
  };
  std::array<piece, 2> pieces_;    // Besides the memory of model threads, which comes first.
  std::size_t size_ = 0;           // Of all.
  std::vector<allocation> large_;  // By ascending address.
  std::size_t kept_end_ = 0;       // Of what is allocated in every execution.
  object_slot* slots_ = nullptr;   // Of objects at multiples of 4; then of those beside.
  std::map<const void*, object_slot> others_;
  further_pool further_;
  std::vector<engine::explored_granule> explored_;
  struct racing_access {
    std::uint32_t granule;  // Its number.
    const void* code;
  };
  std::vector<racing_access> racers_;  // By which the granules came to be explored.

  /// What all accesses of a turn share: from one operation of a thread to its next one.
  struct turn {
    access::moment of;
    happened_before before;
    std::uint32_t run;
  };
  static constinit inline turn now_{};
  /// Threads that have lent something, a bit each.
  static constinit inline std::uint32_t lenders_ = 0;
  static constinit inline bool main_has_ended_ = false;
  /// Threads that are about to write explored data, a bit each.
  static constinit inline std::uint32_t writers_ = 0;
  static constexpr std::uintptr_t cells_at = 0x2000'0000'0000;
};

extern shadow& the_shadow;

[[gnu::always_inline]] inline void shadow::plain(const void* p, std::size_t size, bool writes,
                                                 const void* code) {
  if (++engine::plain_accesses >= 0) [[unlikely]]
    return the_shadow.plain_rarely(p, size, writes, code);
  const std::size_t offset = reinterpret_cast<std::uintptr_t>(p) - fiber::region::first_address;
  if (offset >= fiber::region::span) return the_shadow.plain_elsewhere(p, size, writes, code);
  the_shadow.plain_usually(p, offset, size, writes, code);
}

[[gnu::always_inline]] inline rt::atomic_object& shadow::object(engine::runtime& r, const void* p,
                                                                unsigned size, bool writes,
                                                                const void* code) {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  const std::size_t first = address % granule_size, offset = offset_of(p);
  if (offset != not_covered && offset % 4 == 0 && r.observe == nullptr) [[likely]] {
    const cell& c = known_cell_at(offset);
    const auto bytes = static_cast<std::uint8_t>(((1u << size) - 1) << first);
    if (rt::atomic_object& o = slots_[offset / 4].object;
        c.run == r.course.number && (c.begins >> first & 1) != 0 && o.size == size &&
        is_last(c, access(code, now_.of, bytes, writes)))
      return o;
  }
  return object_rarely(r, p, size, writes, code);
}

inline void shadow::write_too(engine::runtime& r, const void* p, unsigned size, const void* code) {
  if (known_cell_at(offset_of(p)).count != 0) object(r, p, size, true, code);
}

// What repeats the latest access takes no more. Other cases are tail calls, so that this one needs
// no stack frame.
[[gnu::always_inline]] inline void shadow::plain_usually(const void* p, std::size_t offset,
                                                         std::size_t size, bool writes,
                                                         const void* code) {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  const std::size_t first = address % granule_size;
  if (first + size > granule_size) return plain_anywhere(p, size, writes, code);
  cell& c = known_cell_at(offset);
  const auto bytes = static_cast<std::uint8_t>(((1u << size) - 1) << first);
  const access a(code, now_.of, bytes, writes);
  if (!c.is_small_in(now_.run)) return plain_in_new_granule(c, a);
  if ((c.atomics & bytes) != 0 || !c.repeat(a)) plain_in_granule(c, a);
}

}  // namespace pawl::check::instrumented

// Running the program once: model threads on fibers, replay of the graph, and its extension.
//
// A thread runs native code until it reaches an operation. If the graph holds the operation, it
// takes its result from there — after the source of a load has been replayed, so that plain memory
// always holds what happens-before says. Otherwise it stands at its frontier. The next event is
// that of the lowest-numbered enabled thread that does not end or join another one, if there is
// one: a function of the graph alone, which optimality needs.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <pawl/check/explore.hpp>
#include <pawl/check/report.hpp>

#include "../fiber/context.hpp"
#include "../fiber/memory.hpp"
#include "behaviour.hpp"
#include "detours.hpp"
#include "direct.hpp"
#include "explorer.hpp"
#include "history.hpp"
#include "in_vain.hpp"
#include "kept_states.hpp"
#include "names.hpp"
#include "skipped_reads.hpp"
#include "snapshots.hpp"
#include "spin.hpp"
#include "spin_waits.hpp"
#include "write_watch.hpp"

namespace pawl::check::engine {

/// What went wrong, before it is told as a failure.
struct fault {
  failure_kind kind;
  std::string sentence;
  std::vector<std::string> notes;
  const void* object = nullptr;
  int thread = -1;  ///< The thread that failed; -1 = all of them together.
};

/// How a run ended; `beyond` says that it needs more preemptions than asked for, or differs from
/// another execution only in which of several identical threads does what.
enum class ending : std::uint8_t { complete, blocked, failed, restart, beyond };

/// Tells a run which thread goes next, when executions are not enumerated.
class thread_selector {
 public:
  /// A thread that stands before an operation — `enabled`, ascending and not empty, are those that
  /// would not block — or -1 to end the run.
  virtual int next(const std::vector<thread_index>& enabled) = 0;
  /// The thread does not stand before an operation that it can take; the run ends.
  virtual void refused(thread_index) {}

 protected:
  ~thread_selector() = default;
};

/// Sees each operation of a run as it is executed.
class observer {
 public:
  virtual void operation(event_id) = 0;
  virtual void plain(thread_index, const void* object, bool write, rt::site) = 0;

 protected:
  ~observer() = default;
};

class runtime {
 public:
  runtime(const options&, check::program program);
  ~runtime();
  runtime(const runtime&) = delete;

  /// Runs the program on the explorer's graph until nothing can move. Throws fiber::out_of_memory;
  /// the runtime is of no use then.
  ending run();
  /// True if run_directly() may do for run(): executions are drawn under sc.
  [[nodiscard]] bool can_run_directly() const;
  /// Runs the program without a graph, as `threads` and `values` draw it: the same execution that
  /// run() makes of the same draws, if these read what is newest. Returns: whether it is complete,
  /// and nothing is wrong with it; else run() has to tell.
  bool run_directly(thread_selector& threads, selector& values);
  /// Prepares for runs that visit states. Returns: why that can't be; nothing: it can.
  [[nodiscard]] std::string visit_states();
  /// True if the program has turned out to keep state that state_now() does not see.
  [[nodiscard]] bool hides_state() const { return keeps_state_ || !direct_.possible; }
  /// When all threads stand before an operation, or have ended: tells apart the states that they
  /// can be in then; nothing if the program has left what can't be looked at.
  [[nodiscard]] std::optional<std::uint64_t> state_now() const;
  [[nodiscard]] direct_memory& drawn_memory() { return direct_.memory; }
  kept_states kept;  ///< The next direct run may begin with the last one.
  /// After run_directly(): tells executions apart like hash_of(search.graph).
  [[nodiscard]] std::uint64_t hash_of_direct_run() const { return direct_.memory.hash(); }
  /// Forgets all that was learned from former runs: the next one numbers threads and objects like
  /// the first one of a process.
  void forget();
  /// From now on, threads that spin are recognised.
  void watch_spins();
  /// From now on, arrivals at barriers are ordered (arrivals.cpp): they are read-modify-writes.
  void order_arrivals() { orders_arrivals_ = true; }
  [[nodiscard]] bool orders_arrivals() const { return orders_arrivals_; }
  /// What is known of the program, for the runtimes of other workers.
  [[nodiscard]] knowledge learned() const;
  void learn(knowledge);
  /// Effects: notes that the program writes static data. For the signal handler.
  void note_static_write() { keeps_state_ = true; }
  /// True if other workers may run the program at the same time, as far as is known: it keeps no
  /// state beyond its executions, and no thread spins (which is seen in memory that they change).
  [[nodiscard]] bool is_repeatable() const {
    return snapshot_use_ != snapshot_use::never && !watches_spins();
  }

  /// The runtime whose program the calling OS thread executes.
  [[nodiscard]] static runtime* current() { return current_; }

  const options asked_;
  explorer search;
  names known;
  std::optional<fault> error;
  thread_selector* select_thread = nullptr;
  observer* observe = nullptr;
  division* shared = nullptr;  ///< With the runtimes of other workers.
  /// With --stall: this thread is stopped for ever once it has executed so many events.
  int stalled_thread = -1;
  std::uint16_t stalled_at = 0;
  bool stall_reached = false;  ///< The stalled thread had more to do.
  bool whole_graphs = false;   ///< Somebody looks at the graphs of complete executions.
  rt::site assumed_at;         ///< The latest assumption that was false.
  /// The next operation of the running thread is beyond the bound of iterations: unless the thread
  /// spins there, the execution is discarded.
  bool is_past_iterations = false;
  std::vector<event_id> executed;  ///< The events of the latest run, in the order of execution.
  /// For plain objects that several threads read: the last read of each.
  std::vector<std::array<std::int16_t, rt::max_threads>> read_vectors;

  // ---- operations of the running thread (see pawl/check/runtime.hpp) ----------------------------
  /// The event that the request became; valid until the next operation.
  const event& perform(request&);
  thread_index spawn(void (*body)(void*), void* context, rt::site, bool twin = false);
  void assume_false();
  /// The running thread ends the process: it never goes on, and nobody need go on.
  void end_process();
  location_id resolve(rt::atomic_object&, rt::site);
  void begin(rt::atomic_object&, rt::site);
  void end(rt::atomic_object&, rt::site);
  /// Effects: the object lives from now on, as the n-th that `creator` made in this run; n = 0: it
  ///   was there before.
  void begin_lifetime(rt::atomic_object&, thread_index creator, std::uint32_t n, rt::site);
  /// The latest value of the location that happens before now.
  [[nodiscard]] word visible_value(location_id) const;
  /// An access to the location that is neither in `before` nor after now; only of those that write,
  /// unless `all`.
  [[nodiscard]] std::optional<event_id> unordered_access(location_id, bool all, view before) const;
  /// Does what `other` did after its first `at` events happen before now?
  [[nodiscard]] bool happened(thread_index other, std::int32_t at) const;
  /// Does now follow, in po ∪ rf, what `other` did after its first n events? Not of direct runs.
  [[nodiscard]] bool follows(thread_index other, std::uint16_t n) const;
  /// What happens before what the running thread does now. Not of direct runs.
  [[nodiscard]] view happened_before() const {
    return known_to(running_, thread(running_).executed);
  }
  /// What happens before what the thread does after its first n events. Not of direct runs.
  [[nodiscard]] view known_to(thread_index, std::uint16_t n) const;
  /// What is over by then, whatever its orders: under sc and tso, where executions are orders of
  /// steps, all that precedes in po ∪ rf. What is not can also come later, in another execution.
  [[nodiscard]] view over_by(thread_index, std::uint16_t n) const;
  /// What precedes, in po ∪ rf, what the thread does after its first n events.
  [[nodiscard]] view preceding(thread_index, std::uint16_t n) const;
  /// What is known of an allocation that p points into.
  [[nodiscard]] std::vector<std::string> heap_notes(const void* p) const;
  [[nodiscard]] std::vector<std::string> heap_notes(const fiber::block&) const;
  void plain_begin(rt::plain_object&, rt::site);
  void plain_access(rt::plain_object&, bool write, rt::site);
  void plain_end(rt::plain_object&, rt::site);
  void* thread_storage(const void* key, std::size_t, void (*construct)(void*),
                       void (*destroy)(void*));
  void* allocate(std::size_t, std::size_t alignment);
  void* scratch(std::size_t);
  bool release(void*);
  /// Histories of calls, see pawl/check/history.hpp.
  rt::history_id begin_history(history);
  void begin_call(rt::history_id, std::unique_ptr<rt::history_call>);
  void judge_history(rt::history_id);
  /// Where the running thread stands now.
  rt::moment this_moment();
  using look_function = void(runtime&, thread_index);
  /// Effects: look(*this, t) is called on the stack of t, by the operation that t waits in.
  /// Returns: false if that thread is in none.
  bool look_at(thread_index t, look_function* look);
  /// Ends the run.
  [[noreturn]] void fail(failure_kind, std::string sentence, std::vector<std::string> notes = {},
                         const void* object = nullptr);
  /// The running thread entered, and is about to leave, a hook that only reads.
  void leave_native();
  void enter_native();
  /// It stands before an atomic read, in a hook with this frame, see state_at(), which writes what
  /// is read to `target`, of this size, if a compare-exchange fails.
  void stand_before_read(const void* frame, const void* target, std::size_t size);
  /// The frame of the hook that a whole program called, which is not that of the operation; null:
  /// the program is a model and called the operation.
  const void* outer_frame = nullptr;
  /// Effects: the next atomic read is that of a hook with this frame; see stand_before_read().
  void stand_in(const void* frame, const void* target = nullptr) {
    outer_frame = frame;
    outer_target = target;
  }
  /// How often programs have read what is neither atomic nor of the thread's own stack, or have
  /// asked for something else than memory. Counted while spins are watched.
  std::uint64_t reads_elsewhere = 0;
  [[nodiscard]] rt::predicate awaited_of(const rt::atomic_object&);
  const void* outer_target = nullptr;
  /// It did something that is not part of spinning.
  void end_history() {
    if (watches_spins()) thread(running_).history.clear();
  }
  /// It updated an atomic object, with this event: that may be part of spinning.
  void note_update(const event&);
  [[nodiscard]] bool watches_spins() const { return foreign_ != nullptr; }
  /// True of explorations of whole programs that need not come to the same tree as another one.
  [[nodiscard]] bool waits_for_spins() const;
  [[nodiscard]] bool spins_for_ever(thread_index) const;
  /// Effects: ends a search. Returns: true if nothing makes it invalid.
  [[nodiscard]] bool confirm_search() {
    detours_.end_search();
    const bool again = skipped_.end_search();
    return !detours_.take_news() && !again;
  }
  /// The running thread accesses plain data, while spins are watched.
  void note_plain(const void* p, std::size_t, bool writes);
  /// It is about to access an atomic object, or a lock, likewise.
  void note_atomic(const void* p, std::size_t);
  [[nodiscard]] thread_index running() const { return running_; }
  [[nodiscard]] bool inside() const { return inside_; }
  [[nodiscard]] const options& asked() const { return asked_; }

  struct progress_section {
    const char* what;
    std::size_t length;
    std::uint16_t until;
    rt::site where;
  };
  /// Where a thread stands in its program.
  struct position {
    enum class state : std::uint8_t {
      absent,
      ready,
      waiting,
      frontier,
      blocked,
      assumed,
      spinning,
      finished
    };
    fiber::context context;
    state at = state::absent;
    std::uint16_t executed = 0;
    bool started = false;
    bool made_detour = false;         // It stands where it could have been earlier (detours.hpp).
    bool recurs = false;              // It stands where it stood before, with only reads between, …
    std::uint16_t spins_since = 0;    // … after this event, …
    bool wrote_in_vain = false;       // … or also with writes that undo each other (in_vain.hpp).
    bool is_past_iterations = false;  // Spinning: if it goes on, a bound on iterations stops it.
    std::uint64_t reads_elsewhere_then = 0;  // Of all threads, when it left its latest hook, …
    bool read_elsewhere = false;             // … and whether there were others until the next one.
    std::uint16_t elsewhere_after = 0;       // The event that the latest such reads came behind.
    request* pending = nullptr;
    const void* stands_at = nullptr;  // Where states are visited: its frame, see state_at().
    state_id standing = 0;            // Before `pending`, if that is known.
    event_id awaited{};               // waiting: the event that must be replayed first.
    void (*body)(void*) = nullptr;
    void* argument = nullptr;
    std::uint32_t births = 0, children = 0;  // Atomics constructed and threads spawned in this run.
    std::chrono::nanoseconds time{0};
  };
  struct slot {
    const void* key;
    void* storage;
    void (*destroy)(void*);
  };
  struct model_thread : position {
    fiber::thread_memory memory;
    std::vector<progress_section> sections;
    std::vector<slot> slots;
    event outcome;            // In a direct run, of its latest operation.
    reading_history history;  // Not kept by snapshots, which are not taken while it is written.
  };
  [[nodiscard]] model_thread& thread(thread_index t) { return *threads_[t]; }
  [[nodiscard]] const model_thread& thread(thread_index t) const { return *threads_[t]; }
  [[nodiscard]] thread_index thread_count() const { return course.threads; }
  /// How far a run has come, apart from its threads.
  struct progress_of_run {
    thread_index threads = 0;                 ///< That exist.
    unsigned starts = 0;                      ///< Of threads.
    std::uint32_t number = 0;                 ///< Marks the objects of this run.
    std::uint32_t exited = 0;                 ///< Threads that have ended the process, a bit each.
    std::uint32_t unrolled = 0;               ///< Those that a bound on iterations has stopped.
    std::uint32_t kept_at = 0;                ///< Events before the latest snapshot.
    std::array<std::uint32_t, 8> in_state{};  ///< For each state the threads in it, a bit each.
  };
  progress_of_run course;

 private:
  using state = model_thread::state;

  [[nodiscard]] object_key key(thread_index, std::uint32_t n, const rt::atomic_object&) const;
  [[nodiscard]] object_key key(const location_info& i) const {
    return {i.creator, i.nth, region_.relative(i.object), i.initial};
  }
  location_id locate(thread_index, std::uint32_t n, const rt::atomic_object&);
  ending run_once(bool from_start);
  ending confirm(ending);

  // Executions that are drawn without a graph, see direct_run.cpp.
  const event& take_direct_turn(request&);
  const event& stand_before(request&);
  void check_progress(const request&);
  void check_bounds(const request&);
  [[nodiscard]] static std::uint32_t next_run_number();
  int pick_direct();
  void perform_directly(thread_index);
  [[nodiscard]] bool can_move_directly(thread_index) const;
  [[nodiscard]] bool visits_states() const { return direct_.runs && direct_.number != 0; }

  // Executions that are told without running the program, see walk.cpp.
  bool walk();
  bool walk_out();
  [[nodiscard]] std::uint16_t steps_to_end() const;
  [[nodiscard]] int first_enabled(std::uint32_t threads) const;
  void note_ending(thread_index, state_id);
  bool can_walk() const;
  bool find_ways();
  bool take_step(thread_index);
  bool stand(thread_index);
  bool is_end() const;
  bool happens_last(event_id) const;
  [[nodiscard]] state_id way_at(thread_index, clock_value) const;
  std::uint64_t learn_of(std::uint64_t lesson, thread_index, state_id) const;
  bool lesson(event_id, std::uint64_t& out) const;
  bool step_of(event_id, behaviour::step& out) const;
  bool step_to_first(thread_index, behaviour::step& out) const;
  state_id way_on(event_id);
  void begin_segment();
  void note_request(const request&);
  void note_segment(const request&);
  [[nodiscard]] std::uint64_t name_of(const thread_state&) const;
  void note_end(ending);
  void note_use(const rt::atomic_object&);
  void open();
  [[nodiscard]] bool is_open(thread_index t) const { return (open_ >> t & 1) != 0; }
  void count_walk(bool walked);
  void watch_writes();
  void forgo_snapshots();
  ending keep_no_snapshots();
  void begin();
  void run_program();
  bool go_on();
  void schedule();
  void keep_branch(event_id);
  void prepare(thread_index, void (*body)(void*), void* argument);
  static void fiber_main();
  void thread_main();
  void finish();
  void suspend();
  [[noreturn]] void be_looked_at();
  void end_iterations();
  const event& take_turn(request&);
  [[noreturn]] void exhaust();
  int pick_native();
  int pick();
  int pick_frontier(bool last);
  int pick_selected();
  void enter(thread_index t, state s);
  [[nodiscard]] std::uint32_t in(state s) const {
    return course.in_state[static_cast<std::size_t>(s)];
  }
  [[nodiscard]] bool resumable(thread_index t) const;
  thread_index chase(thread_index t) const;
  bool add_set_aside();
  void add_event(thread_index t);
  bool note_arrival(event_id);
  void check_arrival(const event&);
  void suspect_spin(event_id);
  [[nodiscard]] bool repeats_reads(event_id) const;
  [[nodiscard]] bool repeats_updates(event_id) const;
  [[nodiscard]] bool undoes_addition(event_id) const;
  void begin_to_watch();
  bool turn_into_wait(event_id);
  [[nodiscard]] bool may_take_out(std::size_t begin) const;
  int note_among_others(model_thread&);
  [[nodiscard]] bool recurs_since(std::size_t begin);
  [[nodiscard]] bool undoes_itself(iteration) const;
  [[nodiscard]] std::vector<iteration> iterations_in_vain() const;
  bool go_on_from_spin();
  void learn_looks();
  [[nodiscard]] bool may_be_looked_at(const std::vector<iteration>& unseen, iteration) const;
  [[nodiscard]] bool waits_for_what_comes_in_vain(thread_index) const;
  [[nodiscard]] bool has_gone_on_in_vain() const;
  void see_way(const request&, bool is_read);
  [[nodiscard]] bool made_detour(const request&);
  [[nodiscard]] bool selectable(thread_index t) const;
  thread_index number_child(thread_index parent, std::uint32_t nth);
  const event& replay(event_id, const request&);
  [[nodiscard]] bool repeats(const event&, const request&) const;
  [[noreturn]] void diverged(const event&, const request&);
  void check_alive(location_id, rt::site);
  [[noreturn]] void not_before_end(event_id, const rt::atomic_object&);
  [[noreturn]] void use_after_end(const rt::atomic_object&, rt::site);
  [[noreturn]] void race(const rt::plain_object&, thread_index other, bool other_writes,
                         rt::site there, bool write, rt::site here);
  ending judge();
  [[nodiscard]] bool has_failed_for_nothing() const;
  [[nodiscard]] bool is_bounded() const {
    return asked_.preemptions.has_value() && select_thread == nullptr;
  }
  void hold_failure();
  void stand_at_spin(thread_index);
  void judge_blocked();
  [[nodiscard]] bool process_has_ended() const;
  [[nodiscard]] bool waits_for_work(thread_index) const;
  void judge_leaks();
  /// Does the first moment happen before the second?
  [[nodiscard]] bool precedes(const rt::moment&, const rt::moment&) const;
  [[nodiscard]] std::optional<fault> judge(const history&, bool all_is_over) const;
  void judge_histories(bool all_is_over);
  [[nodiscard]] bool stalled(thread_index t) const {
    return t == stalled_thread && threads_[t]->executed >= stalled_at;
  }

  [[gnu::tls_model("initial-exec")]] static constinit thread_local runtime* current_;

  check::program program_;
  fiber::region region_;
  fiber::context host_;
  fiber::exception_state* exceptions_ = nullptr;  // Of the OS thread.
  look_function* look_ = nullptr;                 // While a thread is looked at.
  thread_index looked_at_ = 0;
  std::array<std::unique_ptr<model_thread>, rt::max_threads> threads_;
  thread_index running_ = 0;
  bool inside_ = false;        // A model thread runs, not the engine.
  bool exhausted_ = false;     // It found no memory left for the engine.
  std::optional<fault> held_;  // A failure that counts if the execution is within the bound.
  recorded_histories histories_;
  std::vector<thread_index> enabled_;
  std::unique_ptr<foreign_memory> foreign_;  // Not null: threads that spin are recognised.
  std::set<object_key> ordinary_;            // Objects that unblocking does not apply to.
  bool orders_arrivals_ = false;

  direct_run direct_;
  // Whether runs may begin at a snapshot. `automatic` becomes `never` as soon as the program is
  // seen to keep state beyond its stacks and heaps.
  snapshot_use snapshot_use_;
  std::uint64_t runs_ = 0;
  bool went_on_ = false;               // The latest run began at a snapshot.
  volatile bool keeps_state_ = false;  // Seen in the latest run.
  std::optional<write_watch> writes_;
  snapshot_stack snapshots_;
  std::uint64_t out_of_reach_ = 0;  // fiber::out_of_reach when the run began.

  // What a thread does between two operations, while it is learned.
  struct segment {
    bool open = false;
    bool ended = false;  // See thread_state.
    behaviour::step by;
  };
  behaviour ways_;
  effect_watch effects_;
  segment segment_;
  std::vector<effect_watch::piece> pieces_;  // Memory of the threads, stack and heap in turn.
  // Where threads stand, one bit each: somewhere; there, before an operation that comes last;
  // before their end, all but the first thread; not quiet when they end.
  std::array<state_id, rt::max_threads> standing_{};
  std::uint32_t movable_ = 0, coming_last_ = 0, at_end_ = 0, unquiet_ = 0;
  std::array<std::uint64_t, rt::max_threads> ending_{};  // Names what each that ends has changed.
  std::uint64_t endings_ = 0;                            // Their sum.
  std::uint32_t open_ = 1;    // Threads that hand out addresses in their stacks; the first one may.
  bool learns_anew_ = false;  // From the next run on.
  const void *hook_frame_ = nullptr, *hook_target_ = nullptr;  // See stand_before_read.
  spin_waits spin_waits_;
  skipped_reads skipped_;
  plain_bytes accessed_{};  // By the latest atomic operation of a program.
  detours detours_;
  std::vector<iteration> gone_on_;  // Of this run: what threads went on from, since it was seen.
  in_vain_looks looks_;
  hashed_state stands_in_;   // Of a whole program: the state, until the next read.
  bool learning_ = false;    // The run at hand is learned from.
  bool uses_plain_ = false;  // Whether accesses race depends on more than ways.
  unsigned walked_ = 0, missed_ = 0;
  std::uint64_t walks_from_ = 0;    // The run from which on it is tried again, and …
  std::uint64_t walk_pause_ = 256;  // … how many runs to let pass the next time.
};

}  // namespace pawl::check::engine

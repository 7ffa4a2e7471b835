#include "runtime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <exception>
#include <utility>

#include "at_work.hpp"
#include "describe.hpp"
#include "raw_memory.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {

thread_local runtime* runtime::current_ = nullptr;

namespace {

const fiber::heap_hooks model_heap{[](std::size_t n, std::size_t alignment) {
  return runtime::current()->allocate(n, alignment);
}};

}  // namespace

// The counter is no static data: see write_watch.
std::uint32_t runtime::next_run_number() {
  static std::atomic<std::uint32_t>& n = *new std::atomic<std::uint32_t>{0};
  std::uint32_t run = ++n;
  while (run == 0 || run == rt::dead || run == 0xdddddddd || run == 0xcdcdcdcd) run = ++n;
  return run;
}

runtime::runtime(const options& o, check::program program)
    : asked_(o), search(asked_), program_(std::move(program)) {
  snapshot_use_ = o.strategy == strategy::states ? snapshot_use::automatic : o.snapshots;
  if (!snapshots_possible || the_whole_program != nullptr ||
      (o.snapshots == snapshot_use::automatic && program_.has_captures()))
    snapshot_use_ = snapshot_use::never;
  if (o.unroll) watch_spins();  // Before the bound ends what spins.
}

runtime::~runtime() = default;

// ---- one run ------------------------------------------------------------------------------------

// Some runs begin at the start although there is a snapshot, to see that the program repeats what
// it did.
ending runtime::run() {
  ++runs_;
  // At powers of two, told without counting bits, which is a call on old processors.
  const bool from_start = (runs_ & (runs_ - 1)) == 0 || runs_ % 4096 == 0;
  if (std::exchange(learns_anew_, false)) ways_.clear();
  learning_ = can_walk();
  if (learning_ && !from_start) {
    const bool walked = walk();
    count_walk(walked);
    if (walked) return search.is_canonical() ? ending::complete : ending::beyond;
  }
  watch_writes();
  const ending e = confirm(run_once(from_start));
  note_end(e);
  if (keeps_state_ && e != ending::failed) return keep_no_snapshots();
  return e == ending::complete && !search.is_canonical() ? ending::beyond : e;
}

ending runtime::run_once(bool from_start) {
  const at_work now(current_, this);
  held_.reset();
  histories_ = {};
  out_of_reach_ = fiber::out_of_reach;
  went_on_ = !from_start && go_on();
  if (!went_on_) begin();
  try {
    schedule();
  } catch (const run_ended&) {
  } catch (const fiber::out_of_memory&) {
    exhausted_ = true;
  }
  // Not while an exception is thrown, which is kept in thread-local memory.
  if (the_whole_program != nullptr) the_whole_program->pause();
  fiber::active_heap = nullptr;
  if (exhausted_) throw fiber::out_of_memory();
  if (!error) learn_looks();
  return error ? ending::failed : search.restart_needed() ? ending::restart : judge();
}

// The first run is not watched: what is initialised once is no state. It leaves no snapshots.
void runtime::watch_writes() {
  if (snapshot_use_ != snapshot_use::automatic || select_thread != nullptr || watches_spins() ||
      runs_ == 1)
    return writes_.reset();
  if (!writes_) writes_.emplace();
  if (!writes_->renew(runs_)) keeps_state_ = true;
}

// A failure counts if it is there from the start, too: then it comes from no state that snapshots
// do not hold. Nondeterminism may come from what an earlier run was misled by.
ending runtime::confirm(ending e) {
  if (e != ending::failed || snapshot_use_ != snapshot_use::automatic || select_thread != nullptr)
    return e;
  const failure_kind kind = error->kind;
  if (went_on_) {
    error.reset();
    e = run_once(true);
  }
  return e == ending::failed && error->kind == kind && kind != failure_kind::nondeterminism
             ? e
             : keep_no_snapshots();
}

// From now on every run begins at the start.
void runtime::forgo_snapshots() {
  snapshot_use_ = snapshot_use::never;
  writes_.reset();
  keeps_state_ = false;
}

// Runs so far may have been misled.
ending runtime::keep_no_snapshots() {
  forgo_snapshots();
  error.reset();
  search.demand_restart();
  return ending::restart;
}

// Starts the program anew.
void runtime::begin() {
  course = {};
  course.number = visits_states() ? direct_.number : next_run_number();
  read_vectors.clear();
  executed.clear();
  skipped_.begin_run();
  gone_on_.clear();
  for (const auto& m : threads_)  // A replayed load may ask for them before they are started anew.
    if (m != nullptr) m->executed = 0;
  if (the_whole_program != nullptr) the_whole_program->put_back();
  prepare(0, [](void* self) { static_cast<runtime*>(self)->run_program(); }, this);
  search.graph.add_thread(0);
}

void runtime::run_program() {
  if (the_whole_program == nullptr) return program_();
  the_whole_program->run(program_);
}

// Takes the program up where the graph goes on from, if there is a snapshot. Threads whose next
// event the graph holds will replay it.
bool runtime::go_on() {
  snapshots_.truncate(search.branches());
  const std::size_t point = select_thread == nullptr ? search.resume_point() : 0;
  if (point == 0) return false;
  snapshots_.restore(point - 1, *this);
  for (std::size_t t = course.threads; t < threads_.size() && threads_[t] != nullptr; ++t)
    threads_[t]->executed = 0;
  for (std::uint32_t left = in(state::frontier); left != 0; left &= left - 1) {
    const auto t = static_cast<thread_index>(std::countr_zero(left));
    if (search.graph.size(t) > thread(t).executed) enter(t, state::ready);
  }
  return true;
}

// Runs threads until none can move.
void runtime::schedule() {
  fiber::exception_state& exceptions = fiber::live_exceptions();
  exceptions_ = &exceptions;
  while (!error && !exhausted_ && !search.restart_needed()) {
    const int next = pick();
    if (next < 0) return;
    running_ = static_cast<thread_index>(next);
    if (the_whole_program != nullptr) the_whole_program->resume_thread(running_);
    inside_ = true;
    host_.switch_to(thread(running_).context, exceptions);
    inside_ = false;
    if (the_whole_program != nullptr) the_whole_program->pause_thread(running_);
  }
}

// Something beyond the reach of a snapshot (fiber::out_of_reach) must not have been done before it
// and be undone after it.
void runtime::keep_branch(event_id e) {
  if (snapshot_use_ == snapshot_use::never || select_thread != nullptr || stalled_thread >= 0)
    return;
  if (runs_ == 1 || watches_spins() || held_) return;  // Histories and failures are not kept.
  if (out_of_reach_ != fiber::out_of_reach) return;
  snapshots_.truncate(search.branches());
  course.kept_at = static_cast<std::uint32_t>(executed.size());
  if (snapshots_.take(*this)) search.keep_branch(e);
}

void runtime::forget() {
  ways_.clear();
  open_ = 1;
  search.graph.reset();
  known = {};
}

void runtime::prepare(thread_index t, void (*body)(void*), void* argument) {
  for (; course.threads <= t; ++course.threads) {
    auto& slot = threads_[course.threads];
    if (slot == nullptr) slot = std::make_unique<model_thread>();
    enter(course.threads, state::absent);
    slot->executed = 0;
    slot->memory.reset();
  }
  model_thread& m = *threads_[t];
  m.memory.map(region_.number(), t);
  if (watches_spins()) clear_stack(m.memory);
  m.context.prepare(m.memory.stack_top(), fiber::thread_memory::stack_size, &fiber_main);
  enter(t, state::ready);
  m.executed = 0;
  m.started = false;
  m.body = body;
  m.argument = argument;
  m.births = m.children = 0;
  m.sections.clear();
  m.history.clear();
  m.recurs = m.made_detour = m.wrote_in_vain = m.is_past_iterations = false;
  m.elsewhere_after = 0;
  m.slots.clear();
  m.time = {};
}

void runtime::fiber_main() { current_->thread_main(); }

void runtime::thread_main() {
  model_thread& me = thread(running_);
  me.started = true;
  std::string what;
  try {
    begin_segment();
    if (the_whole_program != nullptr) the_whole_program->begin_turn(*this, happened_before());
    fiber::active_heap = &model_heap;
    me.body(me.argument);
    finish();
  } catch (const fiber::out_of_memory&) {
    exhaust();
  } catch (const std::exception& e) {
    fiber::outside_heap outside;
    fail(failure_kind::exception,
         fmt::format("an exception left {}: {}", thread_name(*this, running_), e.what()));
  } catch (...) {
    fiber::outside_heap outside;
    fail(failure_kind::exception, fmt::format("an exception that is no std::exception left {}",
                                              thread_name(*this, running_)));
  }
}

void runtime::finish() {
  model_thread& me = thread(running_);
  for (std::size_t i = me.slots.size(); i-- > 0;) me.slots[i].destroy(me.slots[i].storage);
  fiber::active_heap = nullptr;
  request q{.op = operation::finish};
  perform(q);
  enter(running_, state::finished);
  suspend();
}

// ---- operations ---------------------------------------------------------------------------------

const event& runtime::perform(request& q) {
  if (visits_states()) [[unlikely]]
    return stand_before(q);
  fiber::outside_heap outside;
  try {
    const event& e = take_turn(q);
    if (the_whole_program != nullptr) the_whole_program->begin_turn(*this, e.hb);
    return e;
  } catch (const fiber::out_of_memory&) {
    exhaust();
  }
}

const event& runtime::take_turn(request& q) {
  const bool is_watched = watches_spins();
  if (is_watched) [[unlikely]] {
    const bool may_spin = q.op == operation::load || tries(q.op) || q.op == operation::fetch ||
                          (q.op == operation::await_update && the_whole_program != nullptr);
    if (waits_for_spins() && thread(running_).executed == search.graph.size(running_))
      see_way(q, may_spin);
    if (!may_spin && q.op != operation::fence) end_history();
  }
  const bool past_iterations = std::exchange(is_past_iterations, false);
  const thread_index t = running_;
  model_thread& me = thread(t);
  const event_id id{t, static_cast<std::uint16_t>(me.executed + 1)};
  note_request(q);
  check_progress(q);
  me.pending = &q;
  const bool spins =
      std::exchange(me.recurs, false) && me.spins_since < me.executed &&
      repeats(search.graph.at({t, static_cast<std::uint16_t>(me.spins_since + 1)}), q);
  if (!direct_.runs && id.index <= search.graph.size(t)) {
    if (spins) gone_on_.push_back({t, me.spins_since, me.executed});
    return replay(id, q);
  }
  check_bounds(q);
  if (direct_.runs) {
    if (past_iterations) end_iterations();
    return take_direct_turn(q);
  }
  if (spins && turn_into_wait({t, me.executed}))
    return replay({t, static_cast<std::uint16_t>(me.executed + 1)}, q);
  if (past_iterations && !spins) end_iterations();
  if (is_watched) [[unlikely]]
    me.made_detour = !spins && made_detour(q);
  me.is_past_iterations = past_iterations;
  me.wrote_in_vain = me.wrote_in_vain && spins;
  enter(t, spins || me.made_detour ? state::spinning : state::frontier);
  suspend();
  if (q.location != no_location) check_alive(q.location, q.where);  // It may have ended meanwhile.
  return replay(id, q);
}

void runtime::check_progress(const request& q) {
  const model_thread& me = thread(running_);
  if (!me.sections.empty() && me.executed >= me.sections.back().until && q.op != operation::finish)
    fail(failure_kind::no_progress,
         fmt::format("{} did not return within its bound of own steps", me.sections.back().what));
}

void runtime::check_bounds(const request& q) {
  if (thread(running_).executed >= asked_.bounds.events)
    fail(failure_kind::limit, too_many_events_sentence(*this, running_, q));
}

// True if the thread asks for what it asked for when `e` was added.
bool runtime::repeats(const event& e, const request& q) const {
  if (e.op != q.op || e.location != q.location) return false;
  if (e.op == operation::await_arrivals) return e.read == q.operand;
  if (e.drops != q.drops || e.twin != q.twin) return false;
  const bool states = e.op == operation::store || e.op == operation::arrive;
  if (has_failed_blindly(e)) return true;
  if (!e.reads) return e.order == q.order && (!states || e.written == q.operand);
  const request& before = search.graph.parameters(e);
  return before.order == q.order && before.failure == q.failure && before.kind == q.kind &&
         before.operand == q.operand && before.expected == q.expected;
}

const event& runtime::replay(event_id id, const request& q) {
  model_thread& me = thread(id.thread);
  if (!repeats(search.graph.at(id), q)) diverged(search.graph.at(id), q);
  for (;;) {
    const event& e = search.graph.at(id);
    event_id needed = e.reads ? e.source : initial_store;
    if (e.op == operation::join) needed = search.graph.last(static_cast<thread_index>(e.read));
    if (e.op == operation::await_arrivals)
      search.graph.for_arrivals(e.location, e.read, [&](event_id a) {
        if (thread(a.thread).executed < a.index) needed = a;
      });
    if (!needed.initial() && thread(needed.thread).executed < needed.index) {
      enter(id.thread, state::waiting);
      me.awaited = needed;
    } else if (e.blocked) {
      enter(id.thread, state::blocked);
    } else {
      break;
    }
    suspend();
  }
  if (q.op == operation::arrive) check_arrival(search.graph.at(id));
  me.executed = id.index;
  if (learning_) search.graph.at(id).state = me.standing;
  executed.push_back(id);
  if (observe != nullptr) observe->operation(id);
  begin_segment();
  return search.graph.at(id);
}

void runtime::diverged(const event& e, const request& q) {
  fail(failure_kind::nondeterminism,
       fmt::format("{} did something else when it was replayed: {} instead of {}",
                   thread_name(*this, running_), request_text(q),
                   request_text(e.reads ? search.graph.parameters(e)
                                        : noted_request{{.op = e.op,
                                                         .order = e.order,
                                                         .operand = e.written,
                                                         .where = e.where}})),
       {"what a thread does may depend on what it reads, not on variables without a value, or on "
        "what is outside of the program"});
}

// A child gets its number when its start takes place, so that numbers follow from the execution.
thread_index runtime::number_child(thread_index parent, std::uint32_t nth) {
  const thread_index child = known.child(parent, nth, [this](thread_index of, std::uint32_t n) {
    return shared != nullptr ? shared->child(of, n) : known.thread_count;
  });
  if (child >= rt::max_threads)
    fail(failure_kind::limit, fmt::format("the executions of the program start more than {} "
                                          "different threads, all that the checker has",
                                          rt::max_threads));
  search.graph.add_thread(child);
  return child;
}

thread_index runtime::spawn(void (*body)(void*), void* context, rt::site where, bool twin) {
  fiber::outside_heap outside;
  // A program has the threads it has: those of a model may be served by others.
  const unsigned bound = the_whole_program == nullptr ? asked_.bounds.threads : 0;
  const unsigned limit = bound == 0 ? rt::max_threads : std::min<unsigned>(bound, rt::max_threads);
  if (++course.starts >= limit && !is_past_iterations)
    fail(failure_kind::limit,
         fmt::format("the program starts more than {} threads, {}", limit,
                     limit == bound ? "its bound"
                                    : "all the checker has; --threads N stops who starts more"));
  ++thread(running_).children;
  request q{.op = operation::spawn, .twin = twin, .where = where};
  const auto child = static_cast<thread_index>(perform(q).read);
  try {
    prepare(child, body, context);
  } catch (const fiber::out_of_memory&) {
    exhaust();
  }
  return child;
}

// The engine gets no memory. Not to be told by an exception that unwinds the program, which would
// do things that it does not do.
void runtime::exhaust() {
  fiber::active_heap = nullptr;
  exhausted_ = true;
  if (!inside_) throw fiber::out_of_memory();
  suspend();
  std::abort();  // Never resumed.
}

void runtime::assume_false() {
  fiber::outside_heap outside;
  enter(running_, state::assumed);
  suspend();
}

void runtime::end_iterations() {
  course.unrolled |= std::uint32_t{1} << running_;
  assume_false();
}

void runtime::end_process() {
  fiber::outside_heap outside;
  course.exited |= std::uint32_t{1} << running_;
  enter(running_, state::assumed);
  suspend();
}

void runtime::fail(failure_kind kind, std::string sentence, std::vector<std::string> notes,
                   const void* object) {
  fiber::active_heap = nullptr;
  error = fault{kind, std::move(sentence), std::move(notes), object, running_};
  if (!inside_) throw run_ended{};
  if (is_bounded()) hold_failure();
  suspend();
  std::abort();  // A flow that failed is never resumed.
}

}  // namespace pawl::check::engine

#include "trace.hpp"

#include <fmt/format.h>

#include <csignal>

#include "attempts.hpp"
#include "crash.hpp"
#include "describe.hpp"
#include "guide.hpp"
#include "sync_steps.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {
namespace {

// Writes down a run, a row for each operation. Stops in the debugger before the `stop_at`-th of
// them; 0 = never.
class recorder final : public observer {
 public:
  explicit recorder(runtime& r, std::size_t stop_at = 0) : runtime_(r), stop_at_(stop_at) {
    r.observe = this;
  }
  recorder(const recorder&) = delete;
  ~recorder() { runtime_.observe = nullptr; }

  void operation(event_id id) override {
    const graph& g = runtime_.search.graph;
    const event& e = g.at(id);
    look_up_places();
    note_shape(id, e);
    if (e.op == operation::finish) return;
    step s = row(id.thread, e.where);
    s.operation = e.reads ? operation_name(g.parameters(e)) : std::string(operation_name(e.op));
    s.object = object_name(runtime_, e.location);
    if (e.location != no_location || e.op == operation::fence) s.order = order_name(e.order);
    if (e.reads) {
      s.read = value_text(runtime_, e.location, e.read);
      s.reads_from = e.source.initial() ? 0 : rows_[key(e.source)];
      const event_id newer = g.mo_next(e.location, e.source);
      s.stale = newer != no_event && newer != id;
      s.failed = e.blocked || (tries(e.op) && !e.writes);
    }
    if (e.writes) s.written = value_text(runtime_, e.location, e.written);
    if (e.op == operation::choose) s.read = fmt::format("{}", e.read);
    if (e.op == operation::spawn || e.op == operation::join)
      s.object = thread_name(runtime_, static_cast<thread_index>(e.read));
    if (const auto words = sync_step_of(runtime_, id)) {
      s.operation = words->does;
      s.read = words->detail;
      s.written.clear();
      s.order.clear();
      s.failed = words->failed;
    }
    rows_[key(id)] = s.row;
    add(std::move(s), nullptr);
  }

  void plain(thread_index t, const void* object, bool write, rt::site where) override {
    step s = row(t, where);
    s.operation = write ? "write" : "read";
    const auto named = runtime_.known.objects.find(object);
    s.object = named == runtime_.known.objects.end() ? "plain data" : named->second;
    add(std::move(s), object);
  }

  /// Keeps, of the plain accesses, those to `object`; numbers the rows anew.
  void keep_plain(const void* object) {
    std::vector<step> kept;
    std::map<unsigned, unsigned> renumbered{{0, 0}};
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const bool is_plain = objects_[i] != nullptr;
      if (is_plain && objects_[i] != object) continue;
      renumbered[steps[i].row] = static_cast<unsigned>(kept.size() + 1);
      former_rows.push_back(i + 1);
      kept.push_back(std::move(steps[i]));
    }
    for (step& s : kept) {
      s.row = renumbered[s.row];
      if (s.reads_from) s.reads_from = renumbered[*s.reads_from];
    }
    steps = std::move(kept);
  }

  /// Of the operations, and of the failure they led to.
  [[nodiscard]] std::uint32_t structure(failure_kind k) const {
    fingerprint f = shape_;
    f.add(static_cast<std::uint8_t>(k));
    return f.value();
  }

  std::vector<step> steps;
  std::vector<std::size_t> former_rows;  ///< Of what keep_plain() kept.

 private:
  static std::uint32_t key(event_id e) {
    return static_cast<std::uint32_t>(e.thread) << 16 | e.index;
  }
  step row(thread_index t, rt::site where) const {
    step s;
    s.row = static_cast<unsigned>(steps.size() + 1);
    s.thread = t;
    s.file = where.file_name();
    s.function = where.function_name();
    s.line = where.line();
    s.column = where.column();
    return s;
  }

  void add(step s, const void* object) {
    objects_.push_back(object);
    steps.push_back(std::move(s));
    if (steps.size() == stop_at_) std::raise(SIGTRAP);
  }

  // What makes an execution this one. Large values may be addresses, which differ from process to
  // process.
  void note_shape(event_id id, const event& e) {
    constexpr word smallest_address = word{1} << 32;
    for (const word w :
         {word{static_cast<std::uint8_t>(e.op)}, word{id.thread}, word{e.location},
          word{static_cast<std::uint8_t>(e.order)}, word{e.where.line()}, e.read, e.written})
      shape_.add_word(w < smallest_address ? w : smallest_address);
  }

  runtime& runtime_;
  std::size_t stop_at_;
  fingerprint shape_;
  std::map<std::uint32_t, unsigned> rows_;
  std::vector<const void*> objects_;
};

std::vector<std::string> state_at_the_end(const runtime& r) {
  std::vector<std::string> out;
  const graph& g = r.search.graph;
  for (location_id l = 0; l < g.location_count(); ++l) {
    const location_record& record = g.location(l);
    if (record.mo_last.initial() && record.newest_load == no_event) continue;
    out.push_back(
        fmt::format("{} = {}", object_name(r, l), value_text(r, l, g.value(l, record.mo_last))));
  }
  using state = runtime::model_thread::state;
  for (thread_index t = 0; t < r.thread_count(); ++t) {
    const state s = r.thread(t).at;
    if (s == state::blocked || s == state::spinning ||
        (s == state::frontier && is_unsourced_wait(r.thread(t).pending->op)))
      out.push_back(waiting_sentence(r, t));
  }
  return out;
}

std::uint32_t program_hash(const options& o) {
  fingerprint f;
  f.add(o.model);
  return f.value();
}

failure compose(const runtime& r, recorder& rows, const std::vector<prescribed_step>& steps) {
  const fault& error = *r.error;
  failure f;
  f.kind = error.kind;
  f.sentence = error.sentence;
  f.notes = error.notes;
  for (thread_index t = 0; t < r.thread_count(); ++t) f.threads.push_back(thread_name(r, t));
  rows.keep_plain(error.object);
  f.steps = std::move(rows.steps);
  f.end = state_at_the_end(r);
  if (the_whole_program != nullptr) f.output = the_whole_program->output();
  if (error.thread >= 0)
    for (const step& s : f.steps)
      if (s.thread == static_cast<unsigned>(error.thread)) f.row = s.row;
  const options& o = r.asked();
  token t{program_hash(o),
          rows.structure(error.kind),
          o.memory_model,
          o.resumption,
          o.weak_cas_fails,
          r.orders_arrivals(),
          r.stalled_thread,
          r.stalled_at,
          false,
          {},
          steps};
  if (o.races == race_use::explore && the_whole_program != nullptr) {
    const auto all = the_whole_program->explored();
    t.explores_races = true;
    t.explored.assign(all.begin(), all.end());
  }
  f.token = write_token(t);
  return f;
}

// Re-enacts the events of `g` in this order, to learn the steps; then follows these like a process
// that is given them as a token, so that both tell the same.
std::optional<failure> tell_in_order(runtime& r, const graph& g, std::vector<event_id> order,
                                     failure_kind kind) {
  const names known = r.known;
  const int stalled = r.stalled_thread;
  const auto give_up = [&] {
    r.select_thread = nullptr;
    r.known = known;
    r.stalled_thread = stalled;
    return std::nullopt;
  };
  r.watch_spins();
  r.search.graph = g;
  reenactment guide(g, std::move(order));
  r.error.reset();
  r.select_thread = &guide;
  r.search.start(&guide);
  r.run();
  if (!r.error || r.error->kind != kind) return give_up();

  token t;
  t.steps = guide.portable_steps(r.stalled_thread);
  r.forget();
  r.error.reset();
  token_guide replay(t);
  r.select_thread = &replay;
  r.search.start(&replay);
  recorder rows(r);
  r.run();
  if (!r.error || r.error->kind != kind || !replay.mismatch.empty()) return give_up();
  r.select_thread = nullptr;
  return compose(r, rows, t.steps);
}

}  // namespace

failure tell_failure(runtime& r) {
  const fault first = *r.error;
  graph failed = r.search.graph;
  make_attempts_read(failed, r.asked().memory_model);
  std::vector<event_id> as_executed = r.executed;
  std::erase_if(as_executed, [&](event_id e) { return e.index > failed.size(e.thread); });
  // What the failing thread did not depend on need not be told, unless waiting for nothing is the
  // failure.
  event_id until = no_event;
  if (first.thread >= 0) {
    const auto t = static_cast<thread_index>(first.thread);
    const std::uint16_t n = r.thread(t).executed;
    const bool local = first.kind == failure_kind::assertion ||
                       first.kind == failure_kind::exception || first.kind == failure_kind::misuse;
    if (local && n > 0) until = {t, n};
    // It failed in an operation that the graph holds already.
    if (failed.size(t) > n) as_executed.push_back({t, static_cast<std::uint16_t>(n + 1)});
  }
  std::vector<event_id> bounded;
  if (r.asked().preemptions && r.search.within_bound()) bounded = r.search.bounded_order();
  if (until != no_event)
    std::erase_if(bounded, [&](event_id e) { return e != until && !failed.porf(e, until); });
  for (const auto& order :
       {bounded, linearize(failed, until), linearize(failed, no_event), as_executed})
    if (auto told = tell_in_order(r, failed, order, first.kind)) return *std::move(told);
  failure f;
  f.kind = first.kind;
  f.sentence = first.sentence;
  f.notes = first.notes;
  return f;
}

namespace {

// Runs what the token prescribes. Returns why that is not the failure it was made for, or nothing.
std::string follow(runtime& r, const token& t, const recorder& rows) {
  token_guide guide(t);
  r.stalled_thread = t.stalled_thread;
  r.stalled_at = t.stalled_at;
  r.select_thread = &guide;
  r.search.start(&guide);
  const ending e = r.run();
  if (!guide.mismatch.empty()) return guide.mismatch;
  if (e != ending::failed) return "its execution does not fail";
  if (rows.structure(r.error->kind) != t.structure) return "its execution does something else";
  return {};
}

}  // namespace

report replay(check::program program, const options& asked) {
  report out;
  out.model = std::string(asked.model);
  out.options = asked;
  const auto refuse = [&](std::string why) {
    out.verdict = verdict::refused;
    out.message = std::move(why);
    out.error.reset();
    return out;
  };
  const auto read = read_token(asked.replay);
  if (!read) return refuse(read.error());
  const token& t = *read;
  if (t.program != program_hash(asked))
    return refuse(fmt::format("the token was recorded for another model than '{}'", asked.model));
  options o = asked;
  o.memory_model = t.memory_model;
  o.resumption = t.resumption;
  o.weak_cas_fails = t.weak_cas_fails;
  o.races = t.explores_races ? race_use::explore : race_use::convict;
  out.options = o;
  const crash_watch crashes;
  runtime r(o, std::move(program));
  r.watch_spins();
  if (t.orders_arrivals) r.order_arrivals();
  if (the_whole_program != nullptr) the_whole_program->explore(t.explored);
  const auto begin = std::chrono::steady_clock::now();
  std::size_t stop_at = 0;
  {
    recorder rows(r);
    if (const std::string why = follow(r, t, rows); !why.empty())
      return refuse(fmt::format("the token was recorded against a different version of '{}': {}",
                                asked.model, why));
    out.error = compose(r, rows, t.steps);
    if (o.stop_at > out.error->steps.size())
      return refuse(fmt::format("--stop-at {}: the replay has only {} rows", o.stop_at,
                                out.error->steps.size()));
    if (o.stop_at > 0) stop_at = rows.former_rows[o.stop_at - 1];
  }
  if (stop_at > 0) {  // Once more, now that it is known which of the steps are rows.
    r.forget();
    r.error.reset();
    const recorder rows(r, stop_at);
    static_cast<void>(follow(r, t, rows));
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  out.complete = 1;
  out.verdict = verdict::bug;
  if (the_whole_program != nullptr) out.racing = the_whole_program->racing_data();
  return out;
}

}  // namespace pawl::check::engine

#include "oracle_run.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <pawl/check/claims.hpp>
#include <pawl/check/symmetric.hpp>

#include "cursor.hpp"
#include "engine/search.hpp"
#include "graph.hpp"
#include "machine.hpp"

namespace pawl::check::tests {
namespace {

// Plain memory: how many operations each thread has begun in this run. What a thread read must have
// been written by native code that has run, or other plain memory would be stale too.
using begun_operations = std::array<std::uint16_t, rt::max_threads>;

bool is_current(const begun_operations& begun, engine::event_id reader) {
  const auto& e = engine::runtime::current()->search.graph.at(reader);
  return !e.reads || e.source.initial() || begun[e.source.thread] >= e.source.index;
}

// The registers of each thread: in memory of the model, so that snapshots hold them, and still
// there when the program has ended.
struct register_file {
  std::array<std::array<int, 16>, rt::max_threads> of{};

  static register_file& make() { return *new (rt::scratch(sizeof(register_file))) register_file; }
  [[nodiscard]] std::vector<std::vector<int>> shown(std::size_t threads, int registers) const {
    std::vector<std::vector<int>> out;
    for (std::size_t t = 0; t < threads; ++t)
      out.emplace_back(of[t].begin(), of[t].begin() + registers);
    return out;
  }
};

// Translates the engine's graph. Threads of the program are model threads 1, 2, …
class translation {
 public:
  translation(const engine::runtime& r, const oracle::program& p, const machine& m)
      : runtime_(r), program_(p), machine_(m) {}

  oracle::graph graph() {
    oracle::graph out;
    out.threads.resize(program_.threads.size());
    out.mo.resize(static_cast<std::size_t>(program_.locations()));
    const engine::graph& g = runtime_.search.graph;
    for (std::size_t t = 0; t < out.threads.size(); ++t)
      for (std::uint16_t i = 1; i <= g.size(static_cast<engine::thread_index>(t + 1)); ++i) {
        const auto& e = g.at({static_cast<engine::thread_index>(t + 1), i});
        if (e.op != engine::operation::finish) out.threads[t].push_back(translate(e));
      }
    for (engine::location_id l = 0; l < g.location_count(); ++l) {
      const int location = location_of(l);
      if (location < 0 || location >= program_.locations()) continue;
      for (auto s = g.mo_next(l, engine::initial_store); s != engine::no_event;
           s = g.at(s).mo_after)
        out.mo[static_cast<std::size_t>(location)].push_back(id_of(s));
    }
    return out;
  }

 private:
  int location_of(engine::location_id l) const {
    if (l >= runtime_.known.infos.size()) return -1;
    for (std::size_t i = 0; i < machine_.memory.size(); ++i)
      if (&machine_.memory[i].object() == runtime_.known.infos[l].object)
        return static_cast<int>(i);
    return -1;
  }
  static oracle::event_id id_of(engine::event_id e) {
    return e.initial() ? oracle::event_id::init() : oracle::event_id{e.thread - 1, e.index - 1};
  }
  oracle::event translate(const engine::event& e) const {
    oracle::event out;
    out.order = e.order;
    if (e.op == engine::operation::fence) return out;
    out.location = location_of(e.location);
    out.kind = e.blocked             ? oracle::effect::blocked
               : e.reads && e.writes ? oracle::effect::update
               : e.reads             ? oracle::effect::read
                                     : oracle::effect::write;
    if (e.reads) {
      out.source = id_of(e.source);
      out.read = static_cast<int>(e.read);
    }
    if (e.writes) out.written = static_cast<int>(e.written);
    return out;
  }

  const engine::runtime& runtime_;
  const oracle::program& program_;
  const machine& machine_;
};

}  // namespace

const oracle::memory_model& axioms_of(memory_model m) {
  const oracle::memory_model* const all[] = {&oracle::rc11, &oracle::ra, &oracle::tso, &oracle::sc};
  return *all[static_cast<std::size_t>(m)];
}

explored explore_program(const oracle::program& p, const options& o, std::size_t first, waiting how,
                         std::size_t identical) {
  explored out;
  const machine* running = nullptr;
  const auto n = p.threads.size();
  const register_file* registers = nullptr;
  const auto program = [&] {
    machine m{};
    running = &m;
    register_file& own = register_file::make();
    registers = &own;
    begun_operations begun{};
    const auto body = [&](std::size_t t) {
      oracle::cursor c(p.threads[t], p.registers());
      const auto self = static_cast<engine::thread_index>(rt::current_thread());
      while (const oracle::operation* next = c.pending()) {
        if (how == waiting::spinning && oracle::waits(*next)) {
          c.perform(m.spin(*next, c.operand()));
        } else {
          ++begun[self];
          c.perform(m.run(*next, c.operand()));
          if (how == waiting::told)
            require(is_current(begun, {self, begun[self]}), "plain memory is current");
        }
        std::copy(c.registers().begin(), c.registers().end(), own.of[t].begin());
      }
    };
    symmetric_threads twins(identical, [&] { body(rt::current_thread() - 1); });
    std::vector<thread> threads;
    threads.reserve(n);
    for (std::size_t t = identical; t < n; ++t) threads.emplace_back([&, t] { body(t); });
    twins.join();
    for (auto& t : threads) t.join();
  };
  const auto hook = [&](const engine::runtime& r, engine::ending e) {
    if (e == engine::ending::blocked) {
      ++out.wasted;
      return;
    }
    if (e == engine::ending::restart) {
      out = {};
      return;
    }
    if (e == engine::ending::beyond) return;
    if (e == engine::ending::failed && r.error->kind != failure_kind::deadlock) return;
    const oracle::graph g = translation(r, p, *running).graph();
    std::vector<int> memory;
    for (int l = 0; l < p.locations(); ++l) memory.push_back(g.written_by(g.last_store(l)));
    const bool complete = e == engine::ending::complete;
    ++(complete ? out.complete_count : out.blocked_count);
    (complete ? out.complete : out.blocked).insert(oracle::canonical(g));
    auto named = registers->shown(n, p.registers());
    std::rotate(named.begin(), named.end() - static_cast<std::ptrdiff_t>(first), named.end());
    (complete ? out.outcomes : out.blocked_outcomes).insert(oracle::outcome(named, memory));
  };
  options asked = o;
  asked.deadlocks = false;
  const report r = engine::search(program, asked, {}, hook);
  if (r.error) out.error = r.error->sentence;
  out.end = r.verdict;
  out.resumed = r.resumed;
  return out;
}

}  // namespace pawl::check::tests

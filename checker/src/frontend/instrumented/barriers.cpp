#include "barriers.hpp"

#include <errno.h>
#include <pthread.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include <pawl/check/sync/barrier.hpp>

#include "../../engine/whole_program.hpp"

namespace pawl::check::instrumented {

namespace {

// Those that threads may still be about to leave: their words live on.
per_run<std::vector<const void*>> ended;

}  // namespace

rt::atomic_object& begin_barrier(const caller& c, const void* b, std::size_t size, rt::show_as kind,
                                 rt::word expected) {
  const fiber::outside_heap outside;
  std::erase(ended.get(c), b);
  return c.begin(b, size, kind, expected);
}

rt::atomic_object& barrier_at(const caller& c, const void* b, rt::show_as kind) {
  rt::atomic_object& o = c.object(b, kind);
  if (std::ranges::find(ended.get(c), b) != ended.get(c).end())
    c.misuse("uses {}, which was destroyed",
             engine::object_name(c.run(), c.run().resolve(o, c.where())));
  return o;
}

// Arrivals that are not known to be over when it ends are told here, or when they find that it has.
void end_barrier(const caller& c, const void* b, rt::show_as kind) {
  rt::atomic_object& o = barrier_at(c, b, kind);
  runtime& r = c.run();
  const engine::location_id l = r.resolve(o, c.where());
  const engine::graph& g = r.search.graph;
  rt::word latest = 0, arrived = 0;
  for (engine::event_id a = g.location(l).newest_load; a != engine::no_event;
       a = g.at(a).older_load) {
    const engine::event& e = g.at(a);
    if (e.op != engine::operation::arrive || a.index > r.thread(a.thread).executed) continue;
    if (!r.happened(a.thread, a.index - 1))
      c.misuse("destroys {} while {} may still arrive at it", engine::object_name(r, l),
               c.name_of(a.thread));
    if (e.read > latest) arrived = 0;
    latest = std::max(latest, e.read);
    if (e.read == latest) arrived += e.written;
  }
  if (arrived > 0 && arrived < g.expected_arrivals(l, latest))
    c.misuse("destroys {} where a thread waits", engine::object_name(r, l));
  const fiber::outside_heap outside;
  r.end_history();
  ended.get(c).push_back(b);
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

// Those in static data that were initialised and not destroyed. On stacks and heaps, what was a
// barrier may be memory of another one.
per_run<std::vector<const void*>> begun;

bool is_static(const void* p) {
  const engine::memory_span all = engine::the_whole_program->static_data();
  const auto* const at = static_cast<const std::byte*>(p);
  return at >= all.data() && at < all.data() + all.size();
}

void note_begin(const caller& c, const pthread_barrier_t* b) {
  if (!is_static(b)) return;
  const fiber::outside_heap outside;
  auto& known = begun.get(c);
  if (std::ranges::find(known, b) != known.end())
    c.misuse("initialises {}, which was initialised already",
             engine::object_name(c.run(),
                                 c.run().resolve(c.object(b, rt::show_as::barrier), c.where())));
  known.push_back(b);
}

int begin(const caller& c, pthread_barrier_t* b, unsigned count) {
  if (count == 0) return EINVAL;
  note_begin(c, b);
  begin_barrier(c, b, sizeof *b, rt::show_as::barrier, count);
  return 0;
}

// One of those that meet is told so: the last to arrive, where they are in an order, else the one
// with the lowest number, since to choose one would multiply executions that are the same to all
// programs but those that tell threads apart.
bool is_serial(const caller& c, engine::location_id l, rt::word phase, bool is_last) {
  if (rt::orders_arrivals()) return is_last;
  rt::thread_id lowest = c.thread();
  c.run().search.graph.for_arrivals(
      l, phase, [&](engine::event_id a) { lowest = std::min<rt::thread_id>(lowest, a.thread); });
  return lowest == c.thread();
}

int wait(const caller& c, const pthread_barrier_t* b) {
  rt::atomic_object& o = barrier_at(c, b, rt::show_as::barrier);
  const engine::location_id l = c.run().resolve(o, c.where());
  const auto [phase, is_last] = sync::arrive(o, 1, false, false, c.where());
  sync::await_end_of(phase, o, false, c.where());
  return is_serial(c, l, phase, is_last) ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int destroy(const caller& c, const pthread_barrier_t* b) {
  end_barrier(c, b, rt::show_as::barrier);
  std::erase(begun.get(c), b);
  return 0;
}

}  // namespace

PAWL_MODELS(c.models(b), int, pthread_barrier_init,
            (pthread_barrier_t * b, const pthread_barrierattr_t* attributes, unsigned count),
            (b, attributes, count), begin(c, b, count))
PAWL_MODELS(c.models(b), int, pthread_barrier_wait, (pthread_barrier_t * b), (b), wait(c, b))
PAWL_MODELS(c.models(b), int, pthread_barrier_destroy, (pthread_barrier_t * b), (b), destroy(c, b))

#include "sync_steps.hpp"

#include <fmt/format.h>

#include <pawl/check/sync/words.hpp>

#include "describe.hpp"
#include "state_words.hpp"

namespace pawl::check::engine {
namespace {

struct change {
  const event& e;
  thread_index thread;
  word before, after;
};

// What the event would make of a free object, if it tells.
word wanted(const graph& g, const event& e) {
  return e.reads ? evaluate(g.parameters(e), 0).written : 0;
}

sync_step lock_step(const graph& g, const change& c, bool shared) {
  const std::string suffix = shared ? "_shared" : "";
  if (c.e.op == operation::load) return {"destroy", {}};
  if (c.e.reads && releases(g.parameters(c.e).order)) return {"unlock" + suffix, {}, c.e.blocked};
  if (tries(c.e.op)) return {"try_lock" + suffix, {}, !c.e.writes};
  return {"lock" + suffix, {}, c.e.blocked};
}

bool is_reader(const graph& g, const change& c) {
  return sync::readers_in(c.before) != sync::readers_in(c.after) ||
         (c.before == c.after && sync::readers_in(wanted(g, c.e)) != 0);
}

sync_step condition_step(const runtime& r, const change& c) {
  const auto names = [&](word set) { return set == 0 ? "nobody" : thread_names(r, set); };
  const word mine = sync::waiter(c.thread);
  if (c.e.op == operation::await) return {"destroy", {}, c.e.blocked};
  if (c.e.op == operation::fetch && (c.after & mine) != 0) return {"wait for", {}};
  if (c.e.op == operation::fetch) return {"time out of", {}};
  if (c.e.blocked) return {"wait for", {}, true};
  if ((c.before & mine) != 0 && (c.after & mine) == 0) return {"wake up from", {}};
  if (!c.e.writes) return {"look for waiters of", names(sync::waiters_in(c.before))};
  return {"notify", names(sync::notified_in(c.after) & ~sync::notified_in(c.before))};
}

sync_step semaphore_step(const graph& g, const change& c) {
  const std::string left = fmt::format("{} left", c.after);
  if (c.e.reads && releases(g.parameters(c.e).order))
    return {fmt::format("release {} of", c.after - c.before), left};
  return {tries(c.e.op) ? "try_acquire" : "acquire", left, c.e.blocked || !c.e.writes};
}

sync_step once_step(const change& c) {
  if (c.e.op == operation::store)
    return {"end the call of", c.after == sync::called ? "" : "an exception"};
  if (c.before == sync::called) return {"call", "was called"};
  return {"begin the call of", {}, c.e.blocked};
}

sync_step meeting_step(const change& c, bool is_latch) {
  const bool waits = c.e.op == operation::await_arrivals || c.e.op == operation::await;
  if (is_latch)
    return waits ? sync_step{"wait for", {}}
                 : sync_step{"count_down", fmt::format("by {}", c.e.written)};
  if (c.e.op == operation::arrive || c.e.op == operation::await_arrivals)
    return {waits ? "wait at" : "arrive at", fmt::format("phase {}", c.e.read)};
  return {waits ? "wait at" : "arrive at", {}, c.e.blocked};
}

}  // namespace

std::optional<sync_step> sync_step_of(const runtime& r, event_id id) {
  const graph& g = r.search.graph;
  const event& e = g.at(id);
  if (e.location >= r.known.infos.size()) return std::nullopt;
  const change c{e, id.thread, e.read, e.writes ? e.written : e.read};
  const rt::show_as kind = r.known.infos[e.location].show;
  switch (kind) {
    case rt::show_as::mutex:
      return lock_step(g, c, false);
    case rt::show_as::shared_mutex:
      return lock_step(g, c, is_reader(g, c));
    case rt::show_as::condition:
      return condition_step(r, c);
    case rt::show_as::semaphore:
      return semaphore_step(g, c);
    case rt::show_as::once:
      return once_step(c);
    case rt::show_as::latch:
    case rt::show_as::barrier:
      return meeting_step(c, kind == rt::show_as::latch);
    default:
      return std::nullopt;
  }
}

}  // namespace pawl::check::engine

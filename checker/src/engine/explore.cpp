#include <pawl/check/explore.hpp>

#include <fmt/format.h>

#include <pawl/check/claims.hpp>

#include "search.hpp"
#include "trace.hpp"

namespace pawl::check {
namespace {

// Why these options can't go with a part of the executions, or nothing.
std::string nonsense_of_shard(const options& o) {
  if (!o.shard) return {};
  const auto [number, count] = *o.shard;
  const std::string name = fmt::format("--shard {}/{}", number, count);
  if (number < 1 || number > count)
    return fmt::format("{}: the parts are numbered from 1 to {}", name, count);
  if (o.strategy != strategy::exhaustive)
    return fmt::format("{}: divides the exhaustive search, not {}", name, to_string(o.strategy));
  if (o.stall) return fmt::format("{}: does not divide the searches of --stall", name);
  if (o.estimate)
    return fmt::format("--estimate counts all executions, but {} visits only some", name);
  return {};
}

// Why these options can't go with a checkpoint, or nothing.
std::string nonsense_of_checkpoint(const options& o) {
  if (o.checkpoint.empty()) return {};
  const std::string name = fmt::format("--checkpoint {}", o.checkpoint);
  if (o.strategy != strategy::exhaustive)
    return fmt::format("{}: keeps the exhaustive search, not {}", name, to_string(o.strategy));
  if (o.stall) return fmt::format("{}: does not keep the searches of --stall", name);
  if (o.estimate) return fmt::format("{}: not with --estimate, which begins anew", name);
  if (o.jobs > 1)
    return fmt::format("{}: keeps the search of one worker, not of --jobs {}", name, o.jobs);
  return {};
}

// Why these options make no sense, or nothing.
std::string nonsense(const options& o) {
  constexpr unsigned most_events = 32'766;  // Of a thread: views count them in 15 bits.
  if (o.bounds.events > most_events)
    return fmt::format("a bound of {} events a thread is beyond the limit of {}", o.bounds.events,
                       most_events);
  if (!o.replay.empty()) return {};
  if (o.strategy == strategy::states &&
      (o.memory_model != memory_model::sc || o.weak_cas_fails > 0))
    return fmt::format(
        "--strategy states: only under sc, where no weak compare-exchange fails for "
        "nothing; not {}",
        o.memory_model != memory_model::sc ? fmt::format("under {}", to_string(o.memory_model))
                                           : fmt::format("with {} that may", o.weak_cas_fails));
  if (o.stop_at > 0) return fmt::format("--stop-at {}: only a replay has rows", o.stop_at);
  if (o.stall && o.strategy != strategy::exhaustive)
    return fmt::format(
        "--stall stops threads at each event of every execution, but {} visits only some",
        to_string(o.strategy));
  if (o.estimate && (o.strategy != strategy::exhaustive || o.preemptions))
    return fmt::format("--estimate counts all executions, but {} visits only some",
                       o.preemptions ? "--preemptions" : to_string(o.strategy));
  if (o.preemptions && o.memory_model != memory_model::sc)
    return fmt::format(
        "--preemptions {}: only under sc are executions orders of steps, not under {}",
        *o.preemptions, to_string(o.memory_model));
  if (o.preemptions && o.strategy != strategy::exhaustive)
    return fmt::format("--preemptions {}: bounds the exhaustive search, not {}", *o.preemptions,
                       to_string(o.strategy));
  if (std::string why = nonsense_of_shard(o); !why.empty()) return why;
  if (std::string why = nonsense_of_checkpoint(o); !why.empty()) return why;
  if (o.depth == 0) return "--depth 0: a bug takes at least one constraint to happen";
  return {};
}

}  // namespace

report explore(check::program program, options o, std::function<bool(const progress&)> watch) {
  if (exploring()) rt::misuse("explore() inside of an execution", std::source_location::current());
  if (std::string why = nonsense(o); !why.empty()) {
    report refused;
    refused.model = std::string(o.model);
    refused.options = std::move(o);
    refused.verdict = verdict::refused;
    refused.message = std::move(why);
    return refused;
  }
  if (!o.replay.empty()) return engine::replay(std::move(program), o);
  return engine::search(std::move(program), o, watch);
}

}  // namespace pawl::check

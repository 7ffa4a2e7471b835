#include "report/json.hpp"

#include <nlohmann/json.hpp>

namespace pawl::check::reporting {
namespace {

using json = nlohmann::ordered_json;

json bounds_json(const bounds& b) {
  return {{"threads", b.threads},
          {"events", b.events},
          {"note", b.note},
          {"full", b.full},
          {"by_states", b.by_states}};
}

json step_json(const step& s) {
  return {
      {"row", s.row},
      {"thread", s.thread},
      {"operation", s.operation},
      {"object", s.object},
      {"read", s.read},
      {"written", s.written},
      {"order", s.order},
      {"reads_from", s.reads_from ? json(*s.reads_from) : json(nullptr)},
      {"stale", s.stale},
      {"failed", s.failed},
      {"file", s.file},
      {"function", s.function},
      {"line", s.line},
      {"column", s.column},
  };
}

json error_json(const report& r) {
  if (r.verdict == verdict::refused) return {{"kind", "refused"}, {"sentence", r.message}};
  if (!r.error) return nullptr;
  const failure& f = *r.error;
  json steps = json::array();
  for (const step& s : f.steps) steps.push_back(step_json(s));
  json all = {
      {"kind", to_string(f.kind)}, {"sentence", f.sentence},    {"row", f.row}, {"token", f.token},
      {"threads", f.threads},      {"steps", std::move(steps)}, {"end", f.end}, {"notes", f.notes},
  };
  if (!f.output.empty()) all["output"] = f.output;
  return all;
}

json estimate_json(const estimation& e) {
  return {{"executions", e.executions},
          {"deviation", e.deviation},
          {"seconds", e.seconds},
          {"descents", e.descents}};
}

json shard_json(const std::optional<shard>& s) {
  if (!s) return nullptr;
  return {{"number", s->number}, {"count", s->count}};
}

json report_json(const report& r) {
  json all = {
      {"name", r.model},
      {"shows", r.summary},
      {"verdict", to_string(r.verdict)},
      {"complete", r.complete},
      {"blocked", r.blocked},
      {"pruned", r.pruned},
      {"distinct", is_drawn(r.options.strategy) ? json(r.distinct) : json(nullptr)},
      {"states", r.options.strategy == strategy::states ? json(r.states) : json(nullptr)},
      {"seconds", r.seconds},
      {"executions_per_second", r.executions_per_second()},
      {"memory_model", to_string(r.options.memory_model)},
      {"strategy", to_string(r.options.strategy)},
      {"seed", is_drawn(r.options.strategy) ? json(r.options.seed) : json(nullptr)},
      {"depth", r.options.strategy == strategy::pct ? json(r.options.depth) : json(nullptr)},
      {"preemptions", r.options.preemptions ? json(*r.options.preemptions) : json(nullptr)},
      {"unroll", r.options.unroll ? json(*r.options.unroll) : json(nullptr)},
      {"threads", r.options.threads ? json(*r.options.threads) : json(nullptr)},
      {"shard", shard_json(r.options.shard)},
      {"resumption", to_string(r.options.resumption)},
      {"races", to_string(r.options.races)},
      {"weak_cas_fails", r.options.weak_cas_fails},
      {"bounds", bounds_json(r.options.bounds)},
      {"error", error_json(r)},
  };
  if (!r.racing.empty()) all["racing"] = r.racing;
  if (r.resumed > 0) all["resumed"] = r.resumed;
  if (r.before) all["estimate"] = estimate_json(*r.before);
  return all;
}

}  // namespace

json to_json(std::span<const report> reports) {
  json all = json::array();
  for (const report& r : reports) all.push_back(report_json(r));
  return {{"models", std::move(all)}};
}

json to_json(std::span<model* const> models) {
  json all = json::array();
  for (const model* m : models) {
    all.push_back({{"name", m->name},
                   {"shows", m->shows},
                   {"file", m->file},
                   {"line", m->line},
                   {"bounds", bounds_json(m->bounds)}});
  }
  return {{"models", std::move(all)}};
}

std::string json_text(const json& value) {
  return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace pawl::check::reporting

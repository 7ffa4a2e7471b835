#include "graph.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace pawl::oracle {
namespace {

template <class... Args>
void add(std::string& text, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

std::string name(event_id id) {
  if (id.is_init()) return "init";
  return fmt::format("{}.{}", id.thread, id.index);
}

std::string_view kind_name(effect kind) {
  switch (kind) {
    case effect::read:
      return "R";
    case effect::write:
      return "W";
    case effect::update:
      return "U";
    case effect::fence:
      return "F";
    case effect::blocked:
      return "BLOCKED";
  }
  return "?";
}

std::string describe(const event& e) {
  std::string text(kind_name(e.kind));
  if (e.has_location()) add(text, " loc={}", e.location);
  // A blocked event has read no value: which order it would have had says nothing.
  if (e.kind != effect::blocked) add(text, " {}", order_name(e.order));
  if (e.kind == effect::read || e.kind == effect::update) add(text, " r={}", e.read);
  if (e.is_write()) add(text, " w={}", e.written);
  if (e.is_read()) add(text, " rf={}", name(e.source));
  return text;
}

}  // namespace

event_id graph::last_store(int location) const {
  const auto& stores = mo[static_cast<std::size_t>(location)];
  return stores.empty() ? event_id::init() : stores.back();
}

std::string canonical(const graph& g) {
  std::string text;
  for (std::size_t t = 0; t < g.threads.size(); ++t) {
    for (std::size_t i = 0; i < g.threads[t].size(); ++i) {
      const event_id id{static_cast<int>(t), static_cast<int>(i)};
      add(text, "{}:{}\n", name(id), describe(g.threads[t][i]));
    }
  }
  for (std::size_t location = 0; location < g.mo.size(); ++location) {
    add(text, "mo {}:", location);
    for (const event_id store : g.mo[location]) add(text, " {}", name(store));
    text += "\n";
  }
  return text;
}

std::string outcome(const std::vector<std::vector<value>>& registers,
                    const std::vector<value>& memory) {
  std::string text;
  for (std::size_t t = 0; t < registers.size(); ++t) {
    add(text, "t{}", t);
    for (std::size_t r = 0; r < registers[t].size(); ++r) add(text, " r{}={}", r, registers[t][r]);
    text += " | ";
  }
  for (std::size_t location = 0; location < memory.size(); ++location) {
    if (location != 0) text += " ";
    add(text, "{}={}", location_name(static_cast<int>(location)), memory[location]);
  }
  return text;
}

}  // namespace pawl::oracle

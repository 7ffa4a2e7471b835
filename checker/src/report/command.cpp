#include "report/command.hpp"

namespace pawl::check::reporting {

std::vector<std::string> replay_arguments(const report& r, unsigned stop_at) {
  std::vector<std::string> words{"--run", quote(r.model), "--replay", quote(r.error->token)};
  if (stop_at > 0) words.insert(words.end(), {"--stop-at", std::to_string(stop_at)});
  return words;
}

std::string quote(std::string_view argument) {
  constexpr std::string_view safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!argument.empty() && argument.find_first_not_of(safe) == std::string_view::npos)
    return std::string(argument);
  std::string quoted = "'";
  for (const char c : argument) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string display_name(std::string_view model, resumption where) {
  std::string name(model);
  if (where != resumption::own_thread) name += " [" + std::string(to_string(where)) + "]";
  return name;
}

std::string display_name(const report& r) { return display_name(r.model, r.options.resumption); }

}  // namespace pawl::check::reporting

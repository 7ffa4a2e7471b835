#include "report/command.hpp"

namespace pawl::check::reporting {

namespace {

std::vector<std::string> command(const invocation& how, const report& r,
                                 std::vector<std::string> options) {
  std::vector<std::string> words = how.before;
  if (how.has_models) words.insert(words.end(), {"--run", r.model});
  words.insert(words.end(), {"--replay", r.error->token});
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), how.after.begin(), how.after.end());
  for (std::string& word : words) word = quote(word);
  return words;
}

}  // namespace

std::vector<std::string> replay_command(const invocation& how, const report& r) {
  return command(how, r, {});
}

std::vector<std::string> debug_command(const invocation& how, const report& r, unsigned row) {
  std::vector<std::string> options{"--stop-at", std::to_string(row)};
  if (how.starts_debugger) options.emplace_back("--gdb");
  std::vector<std::string> words = command(how, r, options);
  if (!how.starts_debugger) words.insert(words.begin(), {"gdb", "--args"});
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

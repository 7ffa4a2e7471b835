// The pawl program: verbs over model executables.
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tool/check_program.hpp"
#include "tool/command_line.hpp"
#include "tool/compile.hpp"
#include "tool/run_models.hpp"
#include "tool/run_programs.hpp"
#include "tool/usage_error.hpp"

namespace {

constexpr const char* help =
    "usage: pawl check FILE... [OPTIONS] [-- COMPILER FLAGS]\n"
    "       pawl run PROGRAM... [OPTIONS]\n"
    "       pawl --help | --version\n"
    "\n"
    "  check  check a C or C++ program as it is: pawl check --help\n"
    "  run    check the models of one or more model executables (pawl_add_model makes them);\n"
    "         the options are those of every model executable: pawl run --help\n"
    "\n"
    "pawl-cc and pawl-c++ compile for the checker in place of gcc and g++: the programs that they\n"
    "make take the options of 'pawl check' after --pawl, or from PAWL_OPTIONS.\n";

constexpr const char* verbs = "check, run";

int dispatch(const std::string& self, const std::vector<std::string>& words) {
  using namespace pawl::check::tool;
  const std::string name = std::filesystem::path(self).filename();
  for (const stand_in& s :
       {stand_in{"pawl-cc", "PAWL_CC", "gcc"}, stand_in{"pawl-c++", "PAWL_CXX", "g++"}})
    if (name == s.name) return compile(s, words);
  const std::string verb = words.empty() ? "" : words[0];
  const std::vector<std::string> rest(words.begin() + (words.empty() ? 0 : 1), words.end());
  if (verb == "check") return check_program(self, rest, standard_console());
  if (verb == "run") return run_programs(rest, standard_console());
  if (verb == "--help" || verb == "-h") {
    std::cout << help;
    return 0;
  }
  if (verb == "--version") {
    std::cout << version() << '\n';
    return 0;
  }
  throw usage_error(verb.empty()
                        ? fmt::format("nothing to do; the verbs are: {}", verbs)
                        : fmt::format("unknown verb '{}'; the verbs are: {}", verb, verbs));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argv[0], {argv + 1, argv + argc});
  } catch (const pawl::check::tool::build_failed&) {
  } catch (const pawl::check::tool::usage_error& error) {
    const std::string_view verb = argc > 1 ? argv[1] : "";
    const bool known = verb == "check" || verb == "run";
    std::cerr << fmt::format("pawl: {}\nTry 'pawl {}--help'.\n", error.what(),
                             known ? fmt::format("{} ", verb) : "");
  } catch (const std::exception& error) {
    std::cerr << "pawl: " << error.what() << '\n';
  }
  return 2;
}

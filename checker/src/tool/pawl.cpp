// The pawl program: verbs over model executables.
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "tool/command_line.hpp"
#include "tool/run_models.hpp"
#include "tool/run_programs.hpp"
#include "tool/usage_error.hpp"

namespace {

constexpr const char* help =
    "usage: pawl run PROGRAM... [OPTIONS]\n"
    "       pawl --help | --version\n"
    "\n"
    "  run   check the models of one or more model executables (pawl_add_model makes them);\n"
    "        the options are those of every model executable: pawl run --help\n";

int dispatch(const std::vector<std::string>& words) {
  using namespace pawl::check::tool;
  const std::string verb = words.empty() ? "" : words[0];
  if (verb == "run") return run_programs({words.begin() + 1, words.end()}, standard_console());
  if (verb == "--help" || verb == "-h") {
    std::cout << help;
    return 0;
  }
  if (verb == "--version") {
    std::cout << version() << '\n';
    return 0;
  }
  throw usage_error(verb.empty() ? "nothing to do; the verb is: run"
                                 : "unknown verb '" + verb + "'; the verb is: run");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch({argv + 1, argv + argc});
  } catch (const pawl::check::tool::usage_error& error) {
    std::cerr << "pawl: " << error.what() << "\nTry 'pawl --help'.\n";
  } catch (const std::exception& error) {
    std::cerr << "pawl: " << error.what() << '\n';
  }
  return 2;
}

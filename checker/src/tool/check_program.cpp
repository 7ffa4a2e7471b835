#include "tool/check_program.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tool/child.hpp"
#include "tool/command_line.hpp"
#include "tool/compiler.hpp"
#include "tool/hookless.hpp"
#include "tool/scratch.hpp"
#include "tool/split.hpp"
#include "tool/usage_error.hpp"

namespace pawl::check::tool {
namespace {

namespace fs = std::filesystem;

constexpr int exit_usage = 2, exit_interrupted = 130;
constexpr const char* title = "pawl check";

constexpr std::string_view usage =
    "usage: pawl check FILE... [OPTIONS] [-- COMPILER FLAGS]\n"
    "\n"
    "Compiles C (.c), C++ (.cc, .cpp, .cxx) and assembler (.s, .S) files, links them with objects\n"
    "and archives among the FILEs, and checks the program that they make.\n"
    "\n"
    "Building it:\n"
    "  --cc COMPILER                   For C: gcc (default), clang, ...\n"
    "  --cxx COMPILER                  For C++, and for linking it: g++ (default), clang++, ...\n"
    "  --keep DIR                      Leave the objects and the program in DIR\n"
    "  --args WORDS                    Arguments of its main(), quoted as for a shell\n"
    "  --gdb                           Run it under gdb\n"
    "\n";

/// What was asked for.
struct wish {
  std::vector<std::string> files, flags, arguments;
  std::string cc = "gcc", cxx = "g++", keep;
  bool gdb = false;
  bool each_access = false;            ///< Of the source is to be one of the program.
  std::vector<std::string> own;        ///< The options of the tool itself, as given.
  std::vector<std::string> forwarded;  ///< Those of the program.
};

/// Takes the value of the option at `i`, if that is `name` ("--cc X", "--cc=X").
bool take(const std::vector<std::string>& words, std::size_t& i, const std::string& name,
          std::string& value) {
  const std::string& word = words[i];
  if (word.starts_with(name + "=")) {
    value = word.substr(name.size() + 1);
  } else if (word != name) {
    return false;
  } else if (++i < words.size()) {
    value = words[i];
  } else {
    throw usage_error(fmt::format("{}: its value is missing", name));
  }
  if (value.empty()) throw usage_error(fmt::format("{}: its value is empty", name));
  return true;
}

/// Takes what belongs to the tool; returns the rest.
std::vector<std::string> take_own(const std::vector<std::string>& words, wish& w) {
  std::vector<std::string> rest;
  std::string arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t first = i;
    if (words[i] == "--gdb") {
      w.gdb = true;
    } else if (take(words, i, "--args", arguments)) {
      w.arguments = split("--args", arguments);
      w.own.insert(w.own.end(), {"--args", arguments});
    } else if (take(words, i, "--cc", w.cc) || take(words, i, "--cxx", w.cxx)) {
      w.own.insert(w.own.end(), words.begin() + static_cast<std::ptrdiff_t>(first),
                   words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    } else if (!take(words, i, "--keep", w.keep)) {
      rest.push_back(words[i]);
    }
  }
  return rest;
}

void check_files(const std::vector<std::string>& files) {
  if (files.empty()) throw usage_error("check: no FILE is given");
  for (const std::string& file : files) {
    if (!kind_of(file))
      throw usage_error(
          fmt::format("check: '{}' is no C or C++ file, object or archive, by its suffix", file));
    if (!fs::exists(file)) throw usage_error(fmt::format("check: there is no file '{}'", file));
    if (fs::is_directory(file)) throw usage_error(fmt::format("check: '{}' is a folder", file));
  }
}

/// The checker compiles and links by itself.
void check_flags(const std::vector<std::string>& flags) {
  for (const char* const part : {"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-r", "-o"})
    if (std::find(flags.begin(), flags.end(), part) != flags.end())
      throw usage_error(
          fmt::format("check: behind --, {} is not possible: a program is compiled, linked and "
                      "run; for parts of "
                      "that there are pawl-cc and pawl-c++",
                      part));
}

/// Reads the command line. Returns nothing, if it was a question that is answered.
std::optional<wish> read(const std::vector<std::string>& arguments, const console& c) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  wish w;
  if (end != arguments.end()) w.flags.assign(end + 1, arguments.end());
  const auto parsed =
      parse_command_line(title, take_own({arguments.begin(), end}, w), subject::program);
  if (const auto* reply = std::get_if<answer>(&parsed)) {
    const std::size_t options = reply->text.find("\n\n");  // After what the options belong to.
    const bool help = std::find(arguments.begin(), end, "--version") == end;
    *c.out.stream << (help ? usage : "") << (help ? reply->text.substr(options + 2) : reply->text)
                  << std::flush;
    return std::nullopt;
  }
  const request& asked = std::get<request>(parsed);
  w.files = asked.globs;
  check_files(w.files);
  check_flags(w.flags);
  w.each_access = asked.options.races == race_use::explore;
  w.forwarded = asked.forwarded;
  if (!asked.json.empty()) w.forwarded.insert(w.forwarded.end(), {"--json", asked.json});
  return w;
}

/// Runs a command that must succeed; its messages are its own.
void require(const std::vector<std::string>& words) {
  const ending end = run_child(words, child_output::shared);
  if (end.signal != 0)
    throw usage_error(fmt::format("check: '{}' was ended by signal {} ({})", words[0], end.signal,
                                  strsignal(end.signal)));
  if (end.code != 0) throw build_failed{};
}

/// Compiles, links, and warns of objects that the checker does not look into. Returns: the path of
/// the program, or nothing if a press of Ctrl-C stops it.
std::optional<std::string> build(const wish& w, const std::string& folder,
                                 const signal_relay& signals, std::ostream& warnings) {
  const installation here;
  const auto has = [&](file_kind kind) {
    return std::any_of(w.files.begin(), w.files.end(),
                       [=](const std::string& file) { return kind_of(file) == kind; });
  };
  std::optional<compiler> cc, cxx;
  if (has(file_kind::c)) cc.emplace(find_program("--cc", w.cc), here);
  if (has(file_kind::cxx) || !cc) cxx.emplace(find_program("--cxx", w.cxx), here);

  std::vector<std::string> objects;
  std::vector<linked_file> linked;
  for (const std::string& file : w.files) {
    if (signals.requested()) return std::nullopt;
    if (kind_of(file) == file_kind::linked) {
      objects.push_back(file);
    } else {
      objects.push_back(
          fmt::format("{}/{}-{}.o", folder, objects.size() + 1, fs::path(file).stem().string()));
      const compiler& with = kind_of(file) == file_kind::c ? *cc : *cxx;
      word_list flags = w.each_access ? with.each_access_flags() : word_list{};
      flags.insert(flags.end(), w.flags.begin(), w.flags.end());
      require(with.compilation(file, objects.back(), flags));
    }
    linked.push_back({objects.back(), file});
  }
  if (signals.requested()) return std::nullopt;
  const std::string program = folder + "/" + fs::path(w.files[0]).stem().string();
  require((cxx ? *cxx : *cc).linking(objects, program, w.flags));
  warn_of_hookless(warnings, title, "pawl-cc or pawl-c++", linked);
  return program;
}

std::string lines(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, "\n"));
}

}  // namespace

int check_program(const std::string& self, const std::vector<std::string>& arguments,
                  const console& c) {
  const std::optional<wish> asked = read(arguments, c);
  if (!asked) return 0;
  const wish& w = *asked;
  std::optional<scratch> own;
  if (w.keep.empty()) {
    own.emplace();
  } else {
    std::error_code error;
    fs::create_directories(w.keep, error);
    if (error)
      throw usage_error(fmt::format("--keep: cannot make '{}': {}", w.keep, error.message()));
  }
  const signal_relay signals;
  const std::optional<std::string> program =
      build(w, own ? own->path() : w.keep, signals, *c.error.stream);
  if (!program) return exit_interrupted;

  std::vector<std::string> before{self, "check"}, after;
  before.insert(before.end(), w.files.begin(), w.files.end());
  before.insert(before.end(), w.own.begin(), w.own.end());
  if (!w.flags.empty()) after.emplace_back("--");
  after.insert(after.end(), w.flags.begin(), w.flags.end());
  setenv("PAWL_COMMAND", lines(before).c_str(), 1);
  setenv("PAWL_COMMAND_END", lines(after).c_str(), 1);

  std::vector<std::string> words;
  if (w.gdb) words = {find_program("--gdb", "gdb"), "--args"};
  words.push_back(fs::absolute(*program));
  words.insert(words.end(), w.arguments.begin(), w.arguments.end());
  words.emplace_back("--pawl");
  words.insert(words.end(), w.forwarded.begin(), w.forwarded.end());
  const ending end = run_child(words, child_output::shared);
  if (end.signal == 0) return end.code;
  if (end.signal == SIGPIPE) return exit_usage;  // Nobody reads any more.
  *c.error.stream << fmt::format("{}: the program was ended by signal {} ({})\n", title, end.signal,
                                 strsignal(end.signal));
  return exit_usage;
}

}  // namespace pawl::check::tool

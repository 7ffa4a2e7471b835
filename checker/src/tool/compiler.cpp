#include "tool/compiler.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fmt/format.h>

#include "tool/child.hpp"
#include "tool/usage_error.hpp"

namespace pawl::check::tool {
namespace {

namespace fs = std::filesystem;

// The flags come from cmake/PawlInstrument.cmake.
word_list words_of(const char* text) {
  std::istringstream in(text);
  word_list out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

// Calls `visit` with what follows each `word` in `text`, until it returns true. Returns: has it?
template <class Visit>
bool any_after(std::string_view text, std::string_view word, Visit visit) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at))
    if (visit(text.substr(at += word.size()))) return true;
  return false;
}

// Verification benchmarks call functions atomic by their names. The two that are the checker's own
// are no such functions.
bool has_atomic_functions(std::string_view text) {
  return any_after(text, "__VERIFIER_atomic_", [](std::string_view rest) {
    const std::size_t end =
        rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    const std::string_view name = rest.substr(0, end);
    return name != "begin" && name != "end";
  });
}

// Calls of reach_error() are what they call wrong, whatever it does: often nothing.
bool defines_reach_error(std::string_view text) {
  return any_after(text, " reach_error", [](std::string_view rest) {
    const std::size_t end = rest.find(')');
    if (!rest.starts_with('(') || end == rest.npos) return false;
    const std::size_t next = rest.find_first_not_of(" \t\r\n", end + 1);
    return next != rest.npos && rest[next] == '{';
  });
}

// Their beginnings and ends are called, and they stay functions, whose names are known. An inline
// function of C has no other definition then. gcc would take one that only reads for pure, and
// call it once for a loop.
void keep_functions(word_list& flags, bool is_c, bool by_clang) {
  constexpr std::string_view off = "tsan-instrument-func-entry-exit=0";
  for (std::string& word : flags)
    if (word.ends_with(off)) word.back() = '1';
  flags.emplace_back("-fno-inline");
  if (is_c) flags.emplace_back("-fgnu89-inline");
  if (!by_clang) flags.emplace_back("-fno-ipa-pure-const");
}

// What the names of functions ask for. That of reach_error() is seen even if it does nothing.
void note_functions(word_list& flags, const std::string& source, bool by_clang) {
  std::ifstream in(source);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (has_atomic_functions(text)) keep_functions(flags, kind_of(source) == file_kind::c, by_clang);
  if (defines_reach_error(text)) flags.emplace_back("-finstrument-functions");
}

bool is_clang(const std::string& path) {
  const ending end = run_child({path, "--version"}, child_output::captured);
  return end.output.find("clang") != std::string::npos;
}

}  // namespace

std::optional<file_kind> kind_of(std::string_view path) {
  const std::string suffix = fs::path(path).extension();
  const auto is = [&](auto... any) { return ((suffix == any) || ...); };
  if (is(".c", ".i", ".s", ".S")) return file_kind::c;
  if (is(".cc", ".cpp", ".cxx", ".c++", ".C", ".cp", ".ii")) return file_kind::cxx;
  if (is(".o", ".a", ".so")) return file_kind::linked;
  return std::nullopt;
}

std::string find_program(std::string_view option, const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (access(name.c_str(), X_OK) == 0) return name;
  } else if (!name.empty()) {
    const char* const path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
      const std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
      if (access(candidate.c_str(), X_OK) == 0) return candidate;
    }
  }
  throw usage_error(fmt::format("{}: there is no compiler '{}'", option, name));
}

// In the build tree all lies beside the tool.
installation::installation() {
  const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  for (const fs::path& root : {here, here / PAWL_LIBRARY_FROM_TOOL}) {
    if (!fs::exists(root / "libpawl_program.so")) continue;
    library = fs::canonical(root / "libpawl_program.so");
    include = root == here ? here / "include" : (here / PAWL_INCLUDE_FROM_TOOL).lexically_normal();
    return;
  }
  throw usage_error(fmt::format("libpawl_program.so is not where it belongs, at {}",
                                (here / PAWL_LIBRARY_FROM_TOOL).lexically_normal().string()));
}

compiler::compiler(std::string path, const installation& pawl)
    : path_(std::move(path)), is_clang_(is_clang(path_)), pawl_(pawl) {}

word_list compiler::compile_flags(const word_list& sources) const {
  word_list words = words_of(is_clang_ ? PAWL_COMPILE_CLANG : PAWL_COMPILE_GNU);
  for (const std::string& source : sources) note_functions(words, source, is_clang_);
  for (const std::string& folder : words_of(PAWL_HEADERS_FIRST))
    words.insert(words.end(), {"-isystem", pawl_.include + "/" + folder});
  for (const std::string& folder : words_of(PAWL_HEADERS_LAST))
    words.insert(words.end(), {"-idirafter", pawl_.include + "/" + folder});
  return words;
}

word_list compiler::each_access_flags() const {
  return words_of(is_clang_ ? PAWL_EACH_ACCESS_CLANG : PAWL_EACH_ACCESS_GNU);
}

// The library comes first among libraries, and stays although C programs name nothing of it.
word_list compiler::link_flags() const {
  word_list words = words_of(PAWL_LINK);
  words.insert(words.end(), {"-Wl,--push-state,--no-as-needed", pawl_.library, "-Wl,--pop-state",
                             "-Wl,-rpath," + fs::path(pawl_.library).parent_path().string()});
  return words;
}

word_list compiler::compilation(const std::string& source, const std::string& object,
                                const word_list& flags) const {
  word_list words{path_};
  const word_list own = compile_flags({source});
  words.insert(words.end(), own.begin(), own.end());
  words.insert(words.end(), flags.begin(), flags.end());
  words.insert(words.end(), {"-c", source, "-o", object});
  return words;
}

word_list compiler::linking(const word_list& objects, const std::string& program,
                            const word_list& flags) const {
  word_list words{path_, "-o", program};
  const word_list own = link_flags();
  words.insert(words.end(), objects.begin(), objects.end());
  words.insert(words.end(), own.begin(), own.end());
  words.insert(words.end(), flags.begin(), flags.end());
  return words;
}

}  // namespace pawl::check::tool

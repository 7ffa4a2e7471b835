#include "tool/compile.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include "tool/child.hpp"
#include "tool/compiler.hpp"
#include "tool/hookless.hpp"
#include "tool/scratch.hpp"

namespace pawl::check::tool {
namespace {

/// Options whose value is the next word, which is no file to compile.
bool takes_next(const std::string& word) {
  static const std::set<std::string> all{
      "-o",       "-I",      "-D",       "-U",          "-L",
      "-l",       "-x",      "-include", "-isystem",    "-MF",
      "-MT",      "-MQ",     "-iquote",  "-imacros",    "-idirafter",
      "-Xlinker", "-Xclang", "-T",       "-u",          "-z",
      "-arch",    "-target", "-mllvm",   "-Xassembler", "-Xpreprocessor"};
  return all.contains(word);
}

/// What the words of a command are.
struct command {
  explicit command(const word_list& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (takes_next(word) && i + 1 < words.size()) {
        word_list& to = word == "-o" ? linking : both;
        to.insert(to.end(), {word, words[++i]});
      } else if (!word.empty() && word[0] != '-' && kind_of(word)) {
        (kind_of(word) == file_kind::linked ? linked : sources).push_back(word);
      } else {
        both.push_back(word);
      }
    }
  }
  [[nodiscard]] bool has(std::initializer_list<const char*> any) const {
    return std::any_of(any.begin(), any.end(), [this](const char* word) {
      return std::find(both.begin(), both.end(), word) != both.end();
    });
  }

  word_list sources, linked, linking, both;
};

word_list joined(std::initializer_list<word_list> parts) {
  word_list all;
  for (const word_list& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

int run(const word_list& words) {
  const ending end = run_child(words, child_output::shared);
  return end.signal == 0 ? end.code : 128 + end.signal;
}

/// Its hooks would be linked into the library, which the checker does not look into.
void warn_of_shared(const stand_in& s) {
  std::cerr << "pawl: " << s.compiler
            << " -shared: the checker does not put back static data of shared libraries; link them "
               "into the program\n";
}

/// Links; `objects` were made of c.sources.
int link(const stand_in& s, const word_list& words, const command& c, const word_list& objects) {
  const int code = run(words);
  if (code != 0) return code;
  std::vector<linked_file> files;
  files.reserve(objects.size() + c.linked.size());
  for (std::size_t i = 0; i < objects.size(); ++i) files.push_back({objects[i], c.sources[i]});
  for (const std::string& file : c.linked) files.push_back({file, file});
  warn_of_hookless(std::cerr, s.name, s.name, files);
  return code;
}

/// Compiles and links in one: in two steps, since the flags of the one would change the other.
int build(const stand_in& s, const compiler& with, const command& c) {
  const scratch folder;
  word_list objects;
  for (const std::string& source : c.sources) {
    objects.push_back(folder.path() + "/" + std::to_string(objects.size()) + ".o");
    const word_list step{"-c", source, "-o", objects.back()};
    if (const int code = run(joined({{with.path()}, c.both, with.compile_flags({source}), step}));
        code != 0)
      return code;
  }
  return link(
      s,
      joined({{with.path()}, with.link_flags(), objects, c.linked, c.both, c.linking, {"-no-pie"}}),
      c, objects);
}

}  // namespace

int compile(const stand_in& s, const std::vector<std::string>& arguments) {
  const char* const other = std::getenv(s.variable);
  const installation here;
  const compiler with(find_program(s.variable, other != nullptr ? other : s.compiler), here);
  const command c(arguments);
  const word_list start{with.path()};
  if (c.has({"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only"}))
    return run(joined({start, arguments, with.compile_flags(c.sources)}));
  if (c.sources.empty() && c.linked.empty()) return run(joined({start, arguments}));
  if (c.has({"-shared"})) warn_of_shared(s);
  if (c.has({"-r"})) return run(joined({start, arguments}));
  if (!c.sources.empty()) return build(s, with, c);
  return link(s,
              joined({start, with.link_flags(), arguments,
                      c.has({"-shared"}) ? word_list{} : word_list{"-no-pie"}}),
              c, {});
}

}  // namespace pawl::check::tool

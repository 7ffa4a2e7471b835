// Compilers, and what they are told so that a program can be checked as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::check::tool {

using word_list = std::vector<std::string>;

/// What a file on a command line is, by its suffix.
enum class file_kind : unsigned char { c, cxx, linked };

/// Nothing, if it is no file that a program is made of: .c, and .i, .s and .S, which the same
/// compiler takes; .cc, .cpp, .cxx, .c++, .C, .ii; .o, .a, .so.
[[nodiscard]] std::optional<file_kind> kind_of(std::string_view path);

/// The path of a program: itself, if it names a directory, else where PATH has it. Throws
/// usage_error, which names `option`.
[[nodiscard]] std::string find_program(std::string_view option, const std::string& name);

/// What is needed of this installation of pawl. Throws usage_error, if it lacks the front end for
/// programs.
struct installation {
  installation();
  std::string library, include;
};

/// A compiler of C or C++.
class compiler {
 public:
  /// `path`: as find_program() finds it. Effects: asks it whether it is clang.
  compiler(std::string path, const installation&);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// The flags that compile these sources for the checker, and those that link a program: after its
  /// objects and before its libraries.
  [[nodiscard]] word_list compile_flags(const word_list& sources) const;
  [[nodiscard]] word_list link_flags() const;
  /// With these, too, the program has each access of the source.
  [[nodiscard]] word_list each_access_flags() const;

  /// The commands; the user's flags come last.
  [[nodiscard]] word_list compilation(const std::string& source, const std::string& object,
                                      const word_list& flags) const;
  [[nodiscard]] word_list linking(const word_list& objects, const std::string& program,
                                  const word_list& flags) const;

 private:
  std::string path_;
  bool is_clang_;
  const installation& pawl_;
};

}  // namespace pawl::check::tool

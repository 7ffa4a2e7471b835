// How the executable that reports is called again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pawl::check::reporting {

/// Words of a command, not yet quoted for a shell.
struct invocation {
  invocation() = default;  ///< By nobody: a test called explore().
  invocation(std::string_view executable) : title(executable), before{title} {}
  invocation(const char* executable) : invocation(std::string_view(executable)) {}
  invocation(const std::string& executable) : invocation(std::string_view(executable)) {}

  [[nodiscard]] bool empty() const noexcept { return before.empty(); }

  std::string title;                       ///< What messages call it.
  std::vector<std::string> before, after;  ///< Around the options.
  bool has_models = true;                  ///< Which `--run` selects from.
  bool starts_debugger = false;            ///< With `--gdb`; else gdb starts it.
};

}  // namespace pawl::check::reporting

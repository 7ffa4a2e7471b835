#include "report/demangled.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace pawl::check::reporting {

std::string demangled(const std::string& symbol) {
  if (!symbol.starts_with("_Z")) return symbol;  // Else "x" is long long.
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
  std::string out = text == nullptr ? symbol : text.get();
  constexpr std::string_view unnamed = "(anonymous namespace)::";
  for (std::size_t at; (at = out.find(unnamed)) != std::string::npos;)
    out.erase(at, unnamed.size());
  return out;
}

}  // namespace pawl::check::reporting

// Values, types and members of a specification as reports show them.
#pragma once

#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>

namespace pawl::check::detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// The value as a stream shows it; "?" if none does.
template <class T>
[[nodiscard]] std::string spell(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (is_optional<T>) {
    return value ? spell(*value) : "none";
  } else if constexpr (requires(std::ostream& out) { out << value; }) {
    std::ostringstream out;
    out << value;
    return out.str();
  } else if constexpr (std::is_enum_v<T>) {
    return std::to_string(+static_cast<std::underlying_type_t<T>>(value));
  } else {
    return "?";
  }
}

/// The last name in what a compiler prints after " = ": "push" of "&stack<int>::push; …".
[[nodiscard]] inline std::string last_name(std::string_view signature) {
  constexpr std::string_view letters =
      "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string name;
  int depth = 0;  // Of template arguments.
  for (const char c : signature.substr(signature.find(" = ") + 3)) {
    if (c == '<') ++depth;
    if (c == '>') --depth;
    if (depth > 0) continue;
    if (c == ';' || c == ']') break;
    if (c == ':') name.clear();
    if (letters.find(c) != std::string_view::npos) name += c;
  }
  return name;
}

template <auto Member>
[[nodiscard]] std::string spell_member() {
  return last_name(__PRETTY_FUNCTION__);
}
template <class T>
[[nodiscard]] std::string spell_type() {
  return last_name(__PRETTY_FUNCTION__);
}

}  // namespace pawl::check::detail

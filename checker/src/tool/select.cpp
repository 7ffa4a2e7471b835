#include "tool/select.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tool/usage_error.hpp"

namespace pawl::check::tool {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// Insertions, deletions and replacements that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

bool matches(const std::string& glob, const std::string& name) {
  return glob == name || fnmatch(glob.c_str(), name.c_str(), 0) == 0;
}

std::string literal_glob(std::string_view name) {
  std::string glob;
  for (const char c : name) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') glob += '\\';
    glob += c;
  }
  return glob;
}

std::vector<std::string> near_names(std::string_view wanted, std::span<const std::string> names) {
  std::string core = lower(wanted);
  std::erase_if(core, [](char c) { return c == '*' || c == '?'; });
  if (core.size() < 2) return {};
  const std::size_t farthest = std::clamp<std::size_t>(core.size() / 3, 1, 3);
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& name : names) {
    const std::string candidate = lower(name);
    // A part of a name is near, whatever its length; the rest must differ by few letters.
    const bool part = candidate.find(core) != std::string::npos;
    std::size_t distance = part ? 0 : edit_distance(core, candidate);
    if (!part && candidate.size() > core.size())
      distance = std::min(distance, 1 + edit_distance(core, candidate.substr(0, core.size())));
    if (distance <= farthest) ranked.emplace_back(distance, name);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > 5) ranked.resize(5);
  std::vector<std::string> near;
  near.reserve(ranked.size());
  for (auto& [distance, name] : ranked) near.push_back(std::move(name));
  return near;
}

std::vector<std::size_t> select(std::span<const std::string> globs,
                                std::span<const std::string> names) {
  std::vector<bool> chosen(names.size(), globs.empty());
  for (const std::string& glob : globs) {
    bool found = false;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!matches(glob, names[i])) continue;
      found = chosen[i] = true;
    }
    if (found) continue;
    const auto near = near_names(glob, names);
    throw usage_error(
        near.empty()
            ? fmt::format("no model matches '{}'; --list names the {} models", glob, names.size())
            : fmt::format("no model matches '{}'; did you mean {}?", glob, fmt::join(near, ", ")));
  }
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (chosen[i]) indexes.push_back(i);
  return indexes;
}

}  // namespace pawl::check::tool

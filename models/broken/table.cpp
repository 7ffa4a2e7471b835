#include "table.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace {

/// The cells of a row "| a | b |"; a bar within a cell is written "\|".
std::vector<std::string> cells(const std::string& row) {
  std::vector<std::string> all;
  std::string cell;
  for (std::size_t i = 1; i < row.size(); ++i) {
    if (row[i] == '\\' && i + 1 < row.size() && row[i + 1] == '|') {
      cell += row[++i];
    } else if (row[i] == '|') {
      const auto first = cell.find_first_not_of(' '), last = cell.find_last_not_of(' ');
      all.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
      cell.clear();
    } else {
      cell += row[i];
    }
  }
  return all;
}

/// What `text` is inside its backquotes.
std::string unquoted(const std::string& text) {
  if (text.size() < 3 || text.front() != '`' || text.back() != '`') {
    throw std::runtime_error("not in backquotes: " + text);
  }
  return text.substr(1, text.size() - 2);
}

}  // namespace

std::string read_file(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<conviction> read_table(const std::string& path) {
  std::vector<conviction> rows;
  std::istringstream lines(read_file(path));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const auto c = cells(line);
    if (c.size() != 5) throw std::runtime_error("not a row of five cells: " + line);
    rows.push_back({unquoted(c[0]), unquoted(c[1]), c[2], c[3], unquoted(c[4])});
  }
  return rows;
}

// Writes the programs whose counts are known as C, C++, or a table of the counts: a line each with
// number, name, "loops" if its threads wait, and complete and blocked executions under rc11 and sc.
#include <algorithm>
#include <iostream>
#include <string_view>

#include "source.hpp"

namespace {

bool has_loops(const pawl::oracle::program& p) {
  return std::ranges::any_of(p.threads, [](const pawl::oracle::thread& t) {
    return std::ranges::any_of(t, pawl::oracle::waits);
  });
}

}  // namespace

int main(int argc, char** argv) {
  using namespace pawl::oracle;
  const std::string_view what = argc == 2 ? argv[1] : "";
  const auto programs = all_programs();
  if (what == "c" || what == "cpp") {
    std::cout << to_source(programs, what == "c" ? language::c : language::cpp);
  } else if (what == "counts") {
    for (std::size_t i = 0; i < programs.size(); ++i)
      std::cout << i << '\t' << programs[i].name << '\t'
                << (has_loops(programs[i].code) ? "loops" : "straight") << '\t'
                << programs[i].rc11.complete << '\t' << programs[i].rc11.blocked << '\t'
                << programs[i].sc.complete << '\t' << programs[i].sc.blocked << '\n';
  } else {
    std::cerr << "usage: pawl_litmus_sources c | cpp | counts\n";
    return 2;
  }
}

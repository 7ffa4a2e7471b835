// Runs the properties of the executable.
//
//   --list   one name a line
//   NAME     that property
//
// RC_PARAMS="max_success=2000 seed=7" (see RapidCheck) sets the number of cases, the seed, and
// more; a failure prints the RC_PARAMS that reproduce it. Exit code: 0 it holds, 1 it does not, 2
// usage.

#include <iostream>
#include <string_view>

#include "property.hpp"

int main(int argc, char** argv) {
  const std::string_view wanted = argc == 2 ? argv[1] : "";
  if (wanted == "--list") {
    for (const property* each : property::all()) std::cout << each->name() << '\n';
    return 0;
  }
  for (const property* each : property::all()) {
    if (each->name() == wanted) return each->holds() ? 0 : 1;
  }
  std::cerr << "usage: " << argv[0] << " --list | NAME, one of those\n";
  return 2;
}

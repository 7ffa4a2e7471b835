#include "property.hpp"

#include <rapidcheck.h>

#include <cstdlib>
#include <string>
#include <utility>

namespace {

std::vector<const property*>& registry() {
  static std::vector<const property*> all;
  return all;
}

}  // namespace

property::property(std::string name, std::string_view claim, unsigned cases, function check)
    : name_(std::move(name)), claim_(claim), cases_(cases), check_(std::move(check)) {
  registry().push_back(this);
}

const std::vector<const property*>& property::all() { return registry(); }

bool property::holds() const {
  // RapidCheck reads its parameters once, before the first check, and prints them, the seed
  // included.
  setenv("RC_PARAMS", ("max_success=" + std::to_string(cases_)).c_str(), 0);
  return rc::check(name_ + ": " + std::string(claim_), check_);
}

// The programs by which explorers are compared, as models: built once against the model backend,
// and once against the native one, with hooks.
#include <pawl/check/model.hpp>

#include <deque>
#include <vector>

#include "../checker/families.hpp"

namespace {

const bool registered = [] {
  static const std::vector<family> all = families();
  static std::deque<pawl::check::model> models;
  for (const family& each : all) {
    pawl::check::model& m = models.emplace_back();
    m.name = each.name;
    m.body = each.program;
    m.file = __FILE__;
    const pawl::check::registration add(m);
  }
  return true;
}();

}  // namespace

// The models of this executable: an intrusive list, filled by static initialisers in any order.
#include <algorithm>
#include <vector>

#include <pawl/check/model.hpp>

namespace pawl::check {
namespace {

constinit model* first_model = nullptr;

}  // namespace

registration::registration(model& m) noexcept {
  m.next = first_model;
  first_model = &m;
}

std::span<model* const> models() {
  static std::vector<model*> sorted;
  static const model* latest = nullptr;  // Of those that are sorted.
  if (latest == first_model) return sorted;
  latest = first_model;
  sorted.clear();
  for (model* m = first_model; m; m = m->next) sorted.push_back(m);
  std::sort(sorted.begin(), sorted.end(), [](const model* a, const model* b) {
    if (a->name != b->name) return a->name < b->name;
    const int file = std::string_view(a->file).compare(b->file);
    return file != 0 ? file < 0 : a->line < b->line;
  });
  return sorted;
}

}  // namespace pawl::check

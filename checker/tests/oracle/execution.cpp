#include "model.hpp"

namespace pawl::oracle {
namespace {

event initial_store(std::size_t location) {
  event e;
  e.kind = effect::write;
  e.location = static_cast<int>(location);
  return e;
}

/// Where the events of a graph stand in an execution.
class numbering {
 public:
  explicit numbering(const graph& g) {
    std::size_t next = g.mo.size();
    for (const auto& thread : g.threads) {
      first_.push_back(next);
      next += thread.size();
    }
    size_ = next;
  }

  std::size_t size() const noexcept { return size_; }

  std::size_t operator()(event_id id, int location) const {
    if (id.is_init()) return static_cast<std::size_t>(location);
    return first_[static_cast<std::size_t>(id.thread)] + static_cast<std::size_t>(id.index);
  }

 private:
  std::vector<std::size_t> first_;
  std::size_t size_ = 0;
};

relation program_order(const graph& g, const numbering& number) {
  relation po(number.size());
  const std::size_t initial = g.mo.size();
  for (std::size_t a = 0; a < initial; ++a) {
    for (std::size_t b = initial; b < number.size(); ++b) po.add(a, b);
  }
  std::size_t first = initial;
  for (const auto& thread : g.threads) {
    const std::size_t end = first + thread.size();
    for (std::size_t a = first; a < end; ++a) {
      for (std::size_t b = a + 1; b < end; ++b) po.add(a, b);
    }
    first = end;
  }
  return po;
}

relation reads_from(const graph& g, const numbering& number) {
  relation rf(number.size());
  std::size_t reader = g.mo.size();
  for (const auto& thread : g.threads) {
    for (const event& e : thread) {
      if (e.is_read()) rf.add(number(e.source, e.location), reader);
      ++reader;
    }
  }
  return rf;
}

relation modification_order(const graph& g, const numbering& number) {
  relation mo(number.size());
  for (std::size_t location = 0; location < g.mo.size(); ++location) {
    std::size_t previous = location;
    for (const event_id store : g.mo[location]) {
      const std::size_t current = number(store, static_cast<int>(location));
      mo.add(previous, current);
      previous = current;
    }
  }
  return mo.plus();
}

}  // namespace

execution::execution(const graph& g) : po(0), rf(0), mo(0), rb(0), same_location(0) {
  for (std::size_t location = 0; location < g.mo.size(); ++location) {
    events.push_back(initial_store(location));
  }
  for (const auto& thread : g.threads) events.insert(events.end(), thread.begin(), thread.end());

  const numbering number(g);
  po = program_order(g, number);
  rf = reads_from(g, number);
  mo = modification_order(g, number);
  rb = rf.inverse() * mo - relation::identity(size(), [](std::size_t) { return true; });
  same_location = relation(size());
  for (std::size_t a = 0; a < size(); ++a) {
    for (std::size_t b = 0; b < size(); ++b) {
      if (events[a].has_location() && events[b].has_location() &&
          events[a].location == events[b].location) {
        same_location.add(a, b);
      }
    }
  }
}

}  // namespace pawl::oracle

#include "program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>

namespace pawl::oracle {

bool reads(const operation& o) noexcept { return accesses(o) && o.kind != op::store; }

bool accesses(const operation& o) noexcept { return o.kind != op::fence && o.kind != op::skip_if; }

bool waits(const operation& o) noexcept { return o.kind == op::await || o.kind == op::await_rmw; }

bool passes(const operation& o, value v) noexcept {
  return (v == o.expected) == (o.test == comparison::equal);
}

int program::locations() const noexcept {
  int count = 0;
  for (const thread& t : threads) {
    for (const operation& o : t) {
      if (accesses(o)) count = std::max(count, o.location + 1);
    }
  }
  return count;
}

int program::registers() const noexcept {
  int count = 0;
  for (const thread& t : threads) {
    for (const operation& o : t) {
      if (reads(o) || o.kind == op::skip_if) count = std::max(count, o.result + 1);
      if (o.kind == op::store) count = std::max(count, o.addend + 1);
    }
  }
  return count;
}

std::string_view order_name(memory_order order) noexcept {
  switch (order) {
    case memory_order::relaxed:
      return "rlx";
    case memory_order::consume:
    case memory_order::acquire:
      return "acq";
    case memory_order::release:
      return "rel";
    case memory_order::acq_rel:
      return "acq_rel";
    case memory_order::seq_cst:
      return "sc";
  }
  return "?";
}

std::string location_name(int location) {
  constexpr std::array letters{"x", "y", "z", "w"};
  if (location < static_cast<int>(letters.size()))
    return letters[static_cast<std::size_t>(location)];
  return fmt::format("m{}", location);
}

namespace {

std::string test_text(const operation& o) {
  return fmt::format("{} {}", o.test == comparison::equal ? "==" : "!=", o.expected);
}

std::string stored_text(const operation& o) {
  return o.addend < 0 ? fmt::format("{}", o.operand) : fmt::format("r{}+{}", o.addend, o.operand);
}

std::string to_text(const operation& o) {
  const std::string place = location_name(o.location);
  const std::string_view order = order_name(o.order);
  switch (o.kind) {
    case op::load:
      return fmt::format("r{} = load {} {}", o.result, place, order);
    case op::store:
      return fmt::format("store {} {} {}", place, stored_text(o), order);
    case op::fetch_add:
      return fmt::format("r{} = fetch_add {} {} {}", o.result, place, o.operand, order);
    case op::exchange:
      return fmt::format("r{} = exchange {} {} {}", o.result, place, o.operand, order);
    case op::cas:
      return fmt::format("r{} = cas {} {} {} {} {}", o.result, place, o.expected, o.operand, order,
                         order_name(o.failure_order));
    case op::fence:
      return fmt::format("fence {}", order);
    case op::await:
      return fmt::format("r{} = await {} {} {}", o.result, place, test_text(o), order);
    case op::await_rmw:
      return fmt::format("r{} = await_rmw {} {} -> {} {}", o.result, place, test_text(o), o.operand,
                         order);
    case op::skip_if:
      return fmt::format("if r{} {} skip {}", o.result, test_text(o), o.skip);
  }
  return "?";
}

}  // namespace

std::string to_text(const program& p) {
  std::string text;
  for (std::size_t t = 0; t < p.threads.size(); ++t) {
    if (t != 0) text += " / ";
    for (std::size_t i = 0; i < p.threads[t].size(); ++i) {
      if (i != 0) text += "; ";
      text += to_text(p.threads[t][i]);
    }
  }
  return text;
}

std::ostream& operator<<(std::ostream& out, const program& p) { return out << to_text(p); }

}  // namespace pawl::oracle

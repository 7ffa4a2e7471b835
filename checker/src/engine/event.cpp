#include "event.hpp"

namespace pawl::check::engine {
namespace {

constexpr word mask(std::uint8_t size) {
  return size >= 8 ? ~word{0} : (word{1} << (8 * size)) - 1;
}

word apply(rt::rmw kind, word old, word operand) {
  switch (kind) {
    case rt::rmw::exchange:
      return operand;
    case rt::rmw::add:
      return old + operand;
    case rt::rmw::sub:
      return old - operand;
    case rt::rmw::bit_and:
      return old & operand;
    case rt::rmw::bit_or:
      return old | operand;
    case rt::rmw::bit_xor:
      return old ^ operand;
  }
  return old;
}

}  // namespace

outcome evaluate(const request& q, word read) {
  switch (q.op) {
    case operation::load:
      return {.holds = q.holds.holds == nullptr || q.holds.holds(q.holds.captured, read)};
    case operation::fetch:
      return {.writes = true, .written = apply(q.kind, read, q.operand) & mask(q.size)};
    case operation::compare_exchange:
      return {.writes = read == q.expected, .written = q.operand};
    case operation::await:
      return {.holds = q.holds.holds(q.holds.captured, read)};
    case operation::await_update: {
      const bool holds = q.holds.holds(q.holds.captured, read);
      const word next = holds ? q.next.next(q.next.captured, read) & mask(q.size) : 0;
      return {.holds = holds, .writes = holds && !(q.keeps && next == read), .written = next};
    }
    case operation::try_update:
    case operation::attempt: {
      const bool writes = q.holds.holds(q.holds.captured, read);
      return {.writes = writes,
              .written = writes ? q.next.next(q.next.captured, read) & mask(q.size) : 0};
    }
    default:
      return {};
  }
}

}  // namespace pawl::check::engine

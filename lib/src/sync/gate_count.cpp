#include <pawl/sync/gate_count.hpp>
#include <pawl/sync/maybe.hpp>

#include <optional>
#include <stdexcept>
#include <string>

PAWL_BEGIN

namespace detail {

void throw_too_many(const char* whose, count_t asked, count_t limit) {
  throw std::length_error(std::string(whose) + ": " + std::to_string(asked) +
                          " is above the limit of " + std::to_string(limit));
}

namespace {

[[noreturn]] void throw_too_few(const char* caller, count_t asked, count_t left) {
  throw std::logic_error(std::string(caller) + "(" + std::to_string(asked) + ") where " +
                         std::to_string(left) + " are left");
}

}  // namespace

void count_down_slowly(synchronizer<gate_store>& gate, count_t n, const char* caller) {
  const gate_word before = gate.update(
      [n](gate_word w) { return n <= w.count() ? maybe(w.counted_down(n)) : std::nullopt; });
  if (n > before.count()) throw_too_few(caller, n, before.count());
}

}  // namespace detail

PAWL_END

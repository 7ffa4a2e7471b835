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

void count_down(synchronizer<gate_store>& gate, count_t n, const char* caller) {
  const gate_word before = gate.update(
      [n](gate_word w) { return n <= w.count() ? maybe(w.counted_down(n)) : std::nullopt; });
  const count_t left = before.count();
  if (n <= left) return;
  throw std::logic_error(std::string(caller) + "(" + std::to_string(n) + ") where " +
                         std::to_string(left) + " are left");
}

}  // namespace detail

PAWL_END

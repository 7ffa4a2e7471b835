#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/maybe.hpp>

#include <algorithm>
#include <optional>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(condition_variable) <= 32);
#endif

result<void> condition_variable::ended(verdict v) noexcept {
  if (v == verdict::granted) return {};
  return tl::unexpected<error>(detail::refusal(v, 0));
}

count_t condition_variable::notify(count_t most) noexcept {
  const auto told_of = [most](condition_word w) { return std::min(most, w.untold()); };
  return told_of(queue_.update([told_of](condition_word w) {
    const count_t n = told_of(w);
    return n != 0 ? maybe(w.tell(n)) : std::nullopt;
  }));
}

PAWL_END

#include <pawl/sync/acquisition.hpp>
#include <pawl/sync/stores.hpp>
#include <pawl/sync/take.hpp>

#include <memory>

PAWL_BEGIN

namespace detail {

using mode = acquire_terms::mode;

template <class Store>
bool acquisition<Store>::take_or_suspend(core_type& core, std::coroutine_handle<> by,
                                         scheduler* where) noexcept {
  // A copy: the wait takes the place of the terms.
  acquire_terms asked = is_unfinished() ? terms_ : acquire_terms{.count = plain_};
  if (is_decided_at_once(core, asked)) return false;
  std::construct_at(&wait_, core, asked.count, asked.up_to);
  plain_ = acquire_terms::none_plain;
  phase_ = phase::waiting;
  wait_.arrive();
  switch (asked.how) {
    case mode::stoppable:
      return wait_.suspend(by, where, asked.token);
    case mode::timed:
      return wait_.suspend_until(by, where, asked.deadline);
    default:
      return wait_.suspend(by, where);
  }
}

template <class Store>
bool acquisition<Store>::is_decided_at_once(core_type& core, acquire_terms& asked) noexcept {
  const bool is_stopped = asked.how == mode::stoppable && asked.token.stop_requested();
  verdict v = is_stopped ? verdict::cancelled : take(core, asked.count, asked.up_to);
  if (v == verdict::pending && asked.how == mode::timed && asked.deadline <= steady_clock::now()) {
    v = verdict::timed_out;
  }
  if (v == verdict::pending) return false;
  if (v == verdict::granted) {
    plain_ = asked.count;
  } else {
    fail(v, asked.count);
  }
  return true;
}

template <class Store>
void acquisition<Store>::fail(verdict v, count_t n) noexcept {
  std::construct_at(&failure_, refusal(v, n));
  plain_ = acquire_terms::none_plain;
  phase_ = phase::failed;
}

template <class Store>
const error* acquisition<Store>::finish() noexcept {
  if (phase_ == phase::failed) return &failure_;
  const verdict v = wait_.resumed();
  const count_t given = wait_.weight();
  std::destroy_at(&wait_);
  if (v == verdict::granted) {
    plain_ = given;
    return nullptr;
  }
  fail(v, given);
  return &failure_;
}

template <class Store>
void acquisition<Store>::abandon() noexcept {
  if (phase_ != phase::waiting) return;
  wait_.abandon();
  std::destroy_at(&wait_);
}

#define PAWL_INSTANTIATE(Store) template class acquisition<Store>;
PAWL_FOR_EACH_STORE(PAWL_INSTANTIATE)
#undef PAWL_INSTANTIATE

}  // namespace detail

PAWL_END

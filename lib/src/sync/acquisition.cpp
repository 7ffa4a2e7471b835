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
  if (plain_ != acquire_terms::none_plain)
    std::construct_at(&terms_, acquire_terms{.count = plain_});
  if (is_decided_at_once(core)) return false;
  std::construct_at(&wait_, core, terms_.count, terms_.up_to);
  plain_ = acquire_terms::none_plain;
  phase_ = phase::waiting;
  wait_.arrive();
  switch (terms_.how) {
    case mode::stoppable:
      return wait_.suspend(by, where, terms_.token);
    case mode::timed:
      return wait_.suspend_until(by, where, terms_.deadline);
    default:
      return wait_.suspend(by, where);
  }
}

template <class Store>
bool acquisition<Store>::is_decided_at_once(core_type& core) noexcept {
  const bool is_stopped = terms_.how == mode::stoppable && terms_.token.stop_requested();
  verdict v = is_stopped ? verdict::cancelled : take(core, terms_.count, terms_.up_to);
  if (v == verdict::pending && terms_.how == mode::timed &&
      terms_.deadline <= steady_clock::now()) {
    v = verdict::timed_out;
  }
  if (v == verdict::pending) return false;
  if (v == verdict::granted) {
    plain_ = terms_.count;
  } else {
    fail(v);
  }
  return true;
}

template <class Store>
void acquisition<Store>::fail(verdict v) noexcept {
  std::construct_at(&failure_, refusal(v, terms_.count));
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
  fail(v);
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

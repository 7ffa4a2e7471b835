#include <pawl/sync/acquisition.hpp>
#include <pawl/sync/stores.hpp>
#include <pawl/sync/take.hpp>

#include <memory>

PAWL_BEGIN

namespace detail {

using mode = acquire_terms::mode;

// What was asked for is read where it is, one by one: it was written so a moment ago, and
// processors wait for what they read as a whole.
template <class Store>
bool acquisition<Store>::take_or_suspend(core_type& core, std::coroutine_handle<> by,
                                         scheduler* where) noexcept {
  const acquire_terms plain{.count = plain_};
  const acquire_terms& asked = is_unfinished() ? *terms_ : plain;
  count_t n = asked.count;
  if (is_decided_at_once(core, asked, n)) return false;
  std::construct_at(&wait_, core, n, asked.up_to);
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
bool acquisition<Store>::is_decided_at_once(core_type& core, const acquire_terms& asked,
                                            count_t& n) noexcept {
  const bool is_stopped = asked.how == mode::stoppable && asked.token.stop_requested();
  verdict v = is_stopped ? verdict::cancelled : take(core, n, asked.up_to);
  if (v == verdict::pending && asked.how == mode::timed && asked.deadline <= steady_clock::now()) {
    v = verdict::timed_out;
  }
  if (v == verdict::pending) return false;
  if (v == verdict::granted) {
    plain_ = n;
  } else {
    plain_ = acquire_terms::none_plain;
    phase_ = phase::failed;
    refusal_ = v;
    refused_ = n;
  }
  return true;
}

template <class Store>
verdict acquisition<Store>::finish() noexcept {
  if (phase_ == phase::failed) {
    plain_ = refused_;
    return refusal_;
  }
  const verdict v = wait_.resumed();
  plain_ = wait_.weight();
  std::destroy_at(&wait_);
  return v;
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

#pragma once
// An acquire in progress, in a coroutine: the part that does not depend on what the grant becomes.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/coroutine_wait.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>
#include <cstdint>
#include <memory>

PAWL_BEGIN

namespace detail {

// What a call asks for besides a number of permits.
struct acquire_terms {
  enum class mode : std::uint8_t { plain, stoppable, timed };

  static constexpr count_t none_plain = ~count_t{0};  // no number of permits

  count_t count = 0;
  mode how = mode::plain;
  bool up_to = false;                      // takes what is there, at least one, instead of all
  stop_token token = {};                   // if stoppable
  steady_clock::time_point deadline = {};  // if timed
};

// Lives in the coroutine's frame, as a part of its awaiter. Without waiting, one word is written
// and read once; what only a wait needs is made when the coroutine suspends. The synchronizer is
// the same in every call, and lives until *this is destroyed.
template <class Store>
class acquisition {
 public:
  using core_type = synchronizer<Store>;

  // `plain` is how many, if that is all to say, otherwise none_plain; then the terms tell, until it
  // suspends.
  acquisition(count_t plain, const acquire_terms& terms) noexcept : plain_(plain) {
    if (is_unfinished()) [[unlikely]] {
      terms_ = &terms;
      phase_ = phase::asking;
    }
  }
  acquisition(const acquisition&) = delete;
  acquisition& operator=(const acquisition&) = delete;

  // Effects: ends a wait that is still in progress.
  ~acquisition() {
    if (is_unfinished()) [[unlikely]] {
      abandon();
    }
  }

  // Effects: the uncontended acquire. Returns: whether that was all.
  [[gnu::always_inline]] bool try_take_now(core_type& core) noexcept {
    return !is_unfinished() && core.try_take_now(plain_);
  }

  // Effects: takes what can be had at once, or waits for it. Returns: whether the coroutine stays
  //   suspended.
  [[gnu::noinline]] bool take_or_suspend(core_type& core, std::coroutine_handle<> by,
                                         scheduler* where) noexcept;

  // Returns: whether finish() has to tell what became of it. Otherwise it was granted at once.
  [[nodiscard]] bool is_unfinished() const noexcept { return plain_ == acquire_terms::none_plain; }

  // Returns: what became of it; given() tells of how many.
  [[gnu::noinline]] verdict finish() noexcept;

  // Returns: what was granted, or refused.
  [[nodiscard]] count_t given() const noexcept { return plain_; }

  // Effects: what was granted is the caller's now; nothing is left for the destructor.
  void close() noexcept { plain_ = 0; }

 private:
  enum class phase : std::uint8_t { asking, waiting, failed };

  [[gnu::cold, gnu::noinline]] void abandon() noexcept;

  bool is_decided_at_once(core_type& core, const acquire_terms& asked, count_t& n) noexcept;

  count_t plain_;  // wanted; once it has ended, given or refused. none_plain: see the rest
  phase phase_;
  verdict refusal_;  // in phase::failed
  union {
    const acquire_terms* terms_;  // in phase::asking
    coroutine_wait<Store> wait_;  // in phase::waiting
    count_t refused_;             // in phase::failed
  };
};

}  // namespace detail

PAWL_END

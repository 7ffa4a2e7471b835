#pragma once
// Ownership of a resource of a pool.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/pool_core.hpp>

#include <cassert>
#include <utility>

PAWL_BEGIN

// A resource that is taken from a pool, and goes back to it when the object is destroyed. It comes
// from acquiring only. The pool must outlive it.
//
// If the destructor runs because of an exception that was not in flight when the resource was
// acquired, the resource is destroyed instead, unless pool_config::if_unwound says otherwise.
//
// Not synchronized: one such object is one thread's at a time. The resource stays where it is,
// whoever holds it: pointers to it are good as long as it lives.
// Memory ordering: what happens before its return happens before the return of the acquire that
//   takes it (POOL-HB).
// Complexity: what gives it back (destruction, assignment, release, discard) holds the pool's lock
//   for a fixed number of steps, and costs what semaphore::release does.
template <class R>
class [[nodiscard]] pooled {
 public:
  // Holds nothing; so does one that was moved from, or given back.
  pooled() noexcept = default;
  pooled(pooled&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)), slot_(other.slot_) {}

  // Effects: gives back what *this holds, then takes over.
  pooled& operator=(pooled&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    pool_ = std::exchange(other.pool_, nullptr);
    slot_ = other.slot_;
    return *this;
  }
  ~pooled() { give_back(); }

  explicit operator bool() const noexcept { return pool_ != nullptr; }

  // Returns: where the resource is; null if *this holds none.
  [[nodiscard]] R* get() const noexcept {
    return pool_ != nullptr ? &pool_->resource_of(*slot_) : nullptr;
  }

  // Precondition: *this holds a resource.
  R& operator*() const noexcept {
    assert(*this && "there is no access to what was given back");
    return pool_->resource_of(*slot_);
  }
  R* operator->() const noexcept { return &**this; }

  // Effects: gives the resource back now, exceptions or not; if it is broken, as discard(). Nothing
  //   if *this holds none.
  void release() noexcept {
    if (pool_ != nullptr) std::exchange(pool_, nullptr)->take_back(*slot_, !slot_->is_broken);
  }

  // Effects: destroys the resource now, and gives its place back, where the next call in the queue
  //   makes another one. Nothing if *this holds none.
  void discard() noexcept {
    if (pool_ != nullptr) std::exchange(pool_, nullptr)->take_back(*slot_, false);
  }

  // Effects: whatever gives the resource back destroys it. Idempotent.
  // Precondition: *this holds a resource; so it is for is_broken().
  void mark_broken() noexcept { slot_->is_broken = true; }
  [[nodiscard]] bool is_broken() const noexcept { return slot_->is_broken; }

  // Returns: how long *this has held it; 0 if it holds nothing, or if the pool is not metered.
  [[nodiscard]] steady_clock::duration held_duration() const noexcept {
    if (pool_ == nullptr || !pool_->config().metered) return {};
    return steady_clock::now() - slot_->since;
  }

 private:
  friend class detail::pool_core<R>;

  pooled(detail::pool_core<R>& pool, detail::pool_slot& slot) noexcept
      : pool_(&pool), slot_(&slot) {
    slot.exceptions = detail::uncaught_exceptions();
  }

  void give_back() noexcept {
    if (pool_ == nullptr) return;
    const bool is_fit = !slot_->is_broken && !pool_->is_unwinding(*slot_);
    std::exchange(pool_, nullptr)->take_back(*slot_, is_fit);
  }

  detail::pool_core<R>* pool_ = nullptr;
  detail::pool_slot* slot_ = nullptr;  // meaningless without pool
};

static_assert(sizeof(pooled<int>) == 2 * sizeof(void*));

PAWL_END

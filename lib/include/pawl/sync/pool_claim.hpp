#pragma once
// A call that has got a permit of a pool, and what it does with it.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/pool_core.hpp>
#include <pawl/sync/pooled.hpp>

#include <memory>
#include <optional>
#include <utility>

PAWL_BEGIN

namespace detail {

enum class pool_purpose : bool { acquire, upkeep };

// A permit, and the slot that it was used for, if any. Whatever becomes of the call, be it that its
// factory fails, throws, or that its coroutine is destroyed: both are given back when the object is
// destroyed, the permit last (POOL-CANCEL).
template <class R>
class pool_claim {
 public:
  // Has no permit.
  pool_claim() noexcept = default;

  // Takes over a permit that the caller has.
  pool_claim(pool_core<R>& pool, pool_purpose purpose) noexcept : pool_(&pool), purpose_(purpose) {}

  pool_claim(pool_claim&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)),
        slot_(other.slot_),
        has_resource_(other.has_resource_),
        purpose_(other.purpose_) {}
  pool_claim& operator=(pool_claim&&) = delete;

  ~pool_claim() {
    if (pool_ == nullptr) return;
    if (slot_ != nullptr) give_up();
    if (!fault::claim_keeps_permit) pool_->release();
  }

  explicit operator bool() const noexcept { return pool_ != nullptr; }

  // All below: precondition: *this.

  // Effects: finds a resource, or else a place to make one (unless `may_make`: not), destroying
  //   what is too old on the way. Returns: whether it did.
  bool find(bool may_make) noexcept {
    for (;;) {
      if (!look([=](pool_ledger& l, auto now) { return l.take(may_make, now); })) return false;
      if (!doom_) return true;
      destroy(*doom_);
    }
  }

  // Effects: finds the idle resource that was looked at least recently; `unfit`: one that was set
  //   aside. If it is too old, destroys it. Returns: whether there was one.
  bool find_oldest(bool unfit) noexcept {
    if (!look([=](pool_ledger& l, auto now) { return l.take_oldest(unfit, now); })) return false;
    if (doom_) destroy(*doom_);
    return true;
  }

  // Effects: finds a place to make a resource, unless there are enough.
  bool find_empty(count_t enough) noexcept {
    return look([=](pool_ledger& l, auto) { return l.take_empty(enough); });
  }

  [[nodiscard]] bool has_resource() const noexcept { return slot_ != nullptr && has_resource_; }

  // Precondition: has_resource(); so for what follows, but fill().
  [[nodiscard]] R& resource() const noexcept { return pool_->resource_of(*slot_); }
  [[nodiscard]] pool_slot& slot() const noexcept { return *slot_; }

  // Effects: the resource was made. Returns: false if the pool was closed: it was destroyed.
  // Throws: what the constructor of R throws. Precondition: a place was found.
  template <class U>
  bool fill(U&& made) {
    std::construct_at(&resource(), std::forward<U>(made));
    has_resource_ = true;
    const bool acquires = purpose_ == pool_purpose::acquire;
    const bool is_wanted = pool_->locked(
        [&, now = pool_->now()](pool_ledger& l) { return l.made(*slot_, acquires, now); });
    if (!is_wanted) destroy(destroy_reason::closed);
    return is_wanted;
  }

  // Effects: the resource is idle again; `unfit`: set aside.
  void keep(bool unfit) noexcept { pool_->keep(*std::exchange(slot_, nullptr), unfit); }

  // Effects: the resource was found healthy. Returns: false if the pool was closed meanwhile: then
  //   it was destroyed.
  bool pass() noexcept {
    if (pool_->locked([](pool_ledger& l) { return l.is_wanted(); })) return true;
    forget_acquisition();
    destroy(destroy_reason::closed);
    return false;
  }

  // Effects: the resource has turned out to be unhealthy.
  void reject() noexcept {
    forget_acquisition();
    if (pool_->config().evict_unhealthy) {
      destroy(destroy_reason::unhealthy);
    } else {
      keep(true);
    }
  }

  // Effects: the resource, with the permit, is the caller's.
  pooled<R> hand_over() && noexcept { return std::exchange(pool_, nullptr)->lend(*slot_); }

 private:
  template <class Take>
  bool look(Take take) noexcept {
    const found_slot found =
        pool_->locked([&, now = pool_->now()](pool_ledger& l) { return take(l, now); });
    slot_ = found.slot;
    has_resource_ = found.has_resource;
    doom_ = found.doom;
    return slot_ != nullptr;
  }

  void destroy(destroy_reason why) noexcept { pool_->destroy(*std::exchange(slot_, nullptr), why); }

  void give_up() noexcept {
    if (has_resource_) {  // which was being checked
      forget_acquisition();
      pool_->locked([](pool_ledger& l) { l.check_failed(); });
      destroy(destroy_reason::discarded);
    } else {
      pool_->locked([this](pool_ledger& l) { l.failed(*slot_); });
    }
  }

  void forget_acquisition() noexcept {
    if (purpose_ == pool_purpose::upkeep) return;
    pool_->locked([](pool_ledger& l) { l.take_back_acquisition(); });
  }

  pool_core<R>* pool_ = nullptr;
  pool_slot* slot_ = nullptr;
  bool has_resource_ = false;
  pool_purpose purpose_ = pool_purpose::acquire;
  std::optional<destroy_reason> doom_;
};

}  // namespace detail

PAWL_END

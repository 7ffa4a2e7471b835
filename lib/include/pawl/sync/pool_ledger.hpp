#pragma once
// Who has which slot of a pool: plain bookkeeping, which its owner locks.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/sync/pool_config.hpp>
#include <pawl/sync/waiter.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

namespace detail {

// A place for one resource; whoever has the slot has the resource. What is not said of the lists
// is its holder's.
struct pool_slot {
  using time_point = steady_clock::time_point;

  pool_slot* newer = nullptr;  // on the list that it is on, if any
  pool_slot* older = nullptr;

  time_point born{};        // when the resource was made
  time_point since{};       // since when it is idle, or held
  time_point checked{};     // when it was last found healthy, or made
  unsigned exceptions = 0;  // in flight when it was handed out
  bool is_broken = false;   // not to be used again
};

// Slots in the order in which they came.
class pool_slot_list {
 public:
  [[nodiscard]] count_t size() const noexcept { return size_; }
  [[nodiscard]] pool_slot* newest() const noexcept { return newest_; }

  void push_newest(pool_slot& slot) noexcept {
    slot.older = newest_;
    slot.newer = nullptr;
    (newest_ != nullptr ? newest_->newer : oldest_) = &slot;
    newest_ = &slot;
    ++size_;
  }

  // Returns: the slot, taken off the list; null if there is none.
  pool_slot* pop_newest() noexcept {
    pool_slot* const slot = newest_;
    if (slot == nullptr) return nullptr;
    newest_ = slot->older;
    (newest_ != nullptr ? newest_->newer : oldest_) = nullptr;
    --size_;
    return slot;
  }
  pool_slot* pop_oldest() noexcept {
    pool_slot* const slot = oldest_;
    if (slot == nullptr) return nullptr;
    oldest_ = slot->newer;
    (oldest_ != nullptr ? oldest_->older : newest_) = nullptr;
    --size_;
    return slot;
  }

 private:
  pool_slot* newest_ = nullptr;
  pool_slot* oldest_ = nullptr;
  count_t size_ = 0;
};

// A slot that somebody has found.
struct found_slot {
  pool_slot* slot = nullptr;  // null: there is none
  bool has_resource = false;
  std::optional<destroy_reason> doom{};  // why its resource is to be destroyed
};

// Each slot is empty, idle, set aside (idle, but unhealthy), held, or its resource is being made
// (POOL-CONSERVE). Whoever takes one of the first two kinds for use has a permit of the pool, of
// which there are max_size, until after he has put it back: so there are idle and empty slots for
// all who have a permit (POOL-NO-LOST-SLOT).
class pool_ledger {
 public:
  using time_point = pool_slot::time_point;

  explicit pool_ledger(const pool_config& config) noexcept
      : max_size_(config.max_size),
        idle_timeout_(config.idle_timeout),
        max_lifetime_(config.max_lifetime) {}

  void add_empty(pool_slot& slot) noexcept { empty_.push_newest(slot); }

  // Effects: takes the resource that was used last, for an acquisition, if it is not too old.
  // Returns: null otherwise: then take() tells more.
  pool_slot* take_fresh(time_point now) noexcept {
    pool_slot* const slot = idle_.newest();
    if (slot == nullptr || is_closed_ || stale(*slot, now)) return nullptr;
    count_acquisition(*slot, now);
    return idle_.pop_newest();
  }

  // Effects: takes the resource that was used last, else an empty slot, to make one, else the slot
  //   of one that was set aside; unless `may_make`, only the first. Counts an acquisition, unless
  //   the resource is to be destroyed.
  // Returns: none after close().
  found_slot take(bool may_make, time_point now) noexcept {
    if (is_closed_) return {};
    if (pool_slot* const slot = idle_.pop_newest()) {
      const auto doom = stale(*slot, now);
      if (!doom) count_acquisition(*slot, now);
      return {slot, true, doom};
    }
    if (!may_make) return {};
    if (pool_slot* const slot = empty_.pop_newest()) return start(slot);
    return {unfit_.pop_oldest(), true, destroy_reason::unhealthy};
  }

  // Effects: takes the idle resource that was looked at least recently; `unfit`: one set aside.
  found_slot take_oldest(bool unfit, time_point now) noexcept {
    pool_slot* const slot = (unfit ? unfit_ : idle_).pop_oldest();
    if (slot == nullptr) return {};
    return {slot, true, stale(*slot, now)};
  }

  // Effects: takes an empty slot, to make a resource that nobody asked for yet.
  // Returns: none if there are `enough` resources, or after close().
  found_slot take_empty(count_t enough) noexcept {
    if (is_closed_ || total() >= enough) return {};
    return start(empty_.pop_newest());
  }

  // Effects: the resource was made, and is held; `acquired`: by an acquisition.
  // Returns: false after close(): it is to be destroyed.
  bool made(pool_slot& slot, bool acquired, time_point now) noexcept {
    --creating_;
    ++stats_.created;
    slot.born = slot.since = slot.checked = now;
    slot.is_broken = false;
    if (is_closed_ && !fault::made_after_close) return false;
    if (acquired) count_acquisition(slot, now);
    return true;
  }

  // Effects: the attempt to make it has come to nothing.
  void failed(pool_slot& slot) noexcept {
    --creating_;
    ++stats_.failed;
    empty_.push_newest(slot);
  }

  // Effects: puts a resource back; `unfit`: aside. Returns: false after close(): it is to be
  //   destroyed.
  bool put_back(pool_slot& slot, bool unfit) noexcept {
    if (is_closed_ && !fault::kept_after_close) return false;
    (unfit ? unfit_ : idle_).push_newest(slot);
    return true;
  }

  // Effects: the resource was destroyed.
  void destroyed(pool_slot& slot, destroy_reason why) noexcept {
    ++stats_.destroyed[static_cast<std::size_t>(why)];
    empty_.push_newest(slot);
  }

  // Effects: what was found by take() was not handed out after all.
  void take_back_acquisition() noexcept { --stats_.acquisitions; }

  // Effects: the check of a resource has not told whether it is healthy.
  void check_failed() noexcept { ++stats_.failed_checks; }

  void count_wait(steady_clock::duration waited) noexcept { stats_.total_wait_time += waited; }

  void close() noexcept { is_closed_ = true; }

  // Returns: whether what was taken before, and looked into since, may be handed out.
  [[nodiscard]] bool is_wanted() const noexcept {
    return !is_closed_ || fault::checked_after_close;
  }

  // Returns: any resource that nobody holds, to be destroyed; null if there is none.
  pool_slot* take_any() noexcept {
    pool_slot* const slot = idle_.pop_newest();
    return slot != nullptr ? slot : unfit_.pop_newest();
  }

  [[nodiscard]] count_t idle(bool unfit) const noexcept { return (unfit ? unfit_ : idle_).size(); }
  [[nodiscard]] count_t total() const noexcept { return max_size_ - empty_.size(); }

  [[nodiscard]] pool_stats stats() const noexcept {
    pool_stats now = stats_;
    now.max_size = max_size_;
    now.total = total();
    now.idle = idle_.size() + unfit_.size();
    now.creating = creating_;
    now.active = now.total - now.idle - now.creating;
    return now;
  }

 private:
  found_slot start(pool_slot* slot) noexcept {
    if (slot != nullptr) ++creating_;
    return {slot};
  }

  void count_acquisition(pool_slot& slot, time_point now) noexcept {
    ++stats_.acquisitions;
    slot.since = now;
  }

  [[nodiscard]] std::optional<destroy_reason> stale(const pool_slot& slot,
                                                    time_point now) const noexcept {
    if (now - slot.born >= max_lifetime_) return destroy_reason::max_lifetime;
    if (now - slot.since >= idle_timeout_) return destroy_reason::idle_timeout;
    return std::nullopt;
  }

  pool_slot_list empty_, idle_, unfit_;
  count_t creating_ = 0;
  bool is_closed_ = false;
  const count_t max_size_;
  const steady_clock::duration idle_timeout_, max_lifetime_;
  pool_stats stats_;  // what came to pass
};

}  // namespace detail

PAWL_END

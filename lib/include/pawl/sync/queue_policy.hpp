#pragma once
// Who is next in the queue of a synchronizer.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/maybe.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/sync/waiter_queue.hpp>

#include <optional>

PAWL_BEGIN

// First come, first served (SEM-FIFO): whoever does not get his share yet holds back all behind
// him. A Store inherits these answers, and declares those anew in which its primitive differs. All
// are asked by the holder of LOCK.
struct first_come_first_served {
  using queue = waiter_queue;

  // Effects: the arrival takes its place.
  template <class Word>
  static void insert(waiter_queue& queue, waiter& w, Word) noexcept {
    queue.push_back(w);
  }

  // Returns: whom to decide next; null if nobody can be decided as of `now`. Whoever is returned is
  //   refused, or has a share.
  template <class Word>
  static waiter* next(const waiter_queue& queue, Word now) noexcept {
    waiter* const first = queue.front();
    if (first == nullptr) return nullptr;
    const bool is_decidable =
        now.has(Word::failed) || now.share(first->least(), first->weight()).has_value();
    return is_decidable ? first : nullptr;
  }

  // Returns: whether w, who is next, is refused.
  template <class Word>
  static bool refuses(const waiter&, Word now) noexcept {
    return now.has(Word::failed);
  }

  // Returns: what w, who is queued and withdraws, has been granted already without having been
  //   decided; usually nothing.
  template <class Word>
  static maybe<count_t> due(const waiter&, Word) noexcept {
    return std::nullopt;
  }

  // Effects: w, who was granted its share, leaves the queue.
  static void granted(waiter_queue& queue, waiter& w) noexcept { queue.remove(w); }

  // Effects: takes back from the word what the arrival of w, who is queued, has put there. May
  //   update `now`.
  // Returns: whether w can leave. If not, the request came too late, and w will be decided.
  template <class Word>
  static bool let_go(waiter&, Word& /*now*/) noexcept {
    return true;
  }
};

PAWL_END

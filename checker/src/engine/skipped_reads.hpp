// What iterations access which are taken out of executions.
//
// A loop that spins is left without another iteration (spin.hpp), and where it goes on, those
// before are missing. So is their race with a write that comes about only through what the thread
// does after the loop: of that write's execution they are no part.
//
// SKIPPED. Who stands where an iteration that was taken out has begun counts as having read there
// what it read. If another thread writes to that, because of what he did then, and his standing
// there does not happen before, the two may race. Then the search starts anew, and an iteration
// that reads those bytes is taken out only if another one from the same state is left: one is
// enough, since of an execution with a race all iterations but that of the racing read can be taken
// out. So nothing is convicted for what was skipped, and nothing that was skipped escapes.
//
// What an iteration reads is known once it was executed; who stood there before, in the same
// search, was not counted. If others write to it, the search is done again. So it is if others
// write to what a detour has read (detours.hpp): then that is none.
//
// The same holds for atomic accesses and locks of such iterations, which race with plain writes and
// with the end of their object; one that is contested is no wait (spin_waits.hpp) either.
//
// That holds for searches of whole programs by one worker. Other searches leave one iteration of
// any that reads plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "event.hpp"
#include "spin.hpp"

namespace pawl::check::engine {

class skipped_reads {
 public:
  /// Effects: the iteration of the thread from this state, which read `data`, is taken out.
  void skip(thread_index, const hashed_state& from, std::span<const plain_bytes> data);
  /// Effects: the thread would be cut, and with it reads of this data. Returns: whether it may be,
  ///   as far as is known of others' writes.
  [[nodiscard]] bool drop(thread_index, std::span<const plain_bytes> data);
  /// Effects: of a new run, nothing is known.
  void begin_run() { stands_.clear(); }
  /// Effects: the thread stands in this state after so many events.
  void stand(thread_index, const hashed_state&, std::uint16_t executed);
  /// Effects: the thread writes. Returns: whether that contests what `may_race` says it may race
  ///   with, for the first time: where which thread stood, after how many events.
  template <class MayRace>
  [[nodiscard]] bool write(thread_index, plain_bytes, MayRace may_race);
  /// True if what was read may race with a write.
  [[nodiscard]] bool is_contested(std::span<const plain_bytes> data) const;
  /// Effects: the search is over. Returns: whether it has to be done again.
  [[nodiscard]] bool end_search();

 private:
  struct place {
    thread_index thread;
    std::vector<std::byte> state;
    std::vector<plain_bytes> data;
  };
  struct stand_at {
    const place* at;
    std::uint16_t executed;
  };
  [[nodiscard]] place* find(thread_index, const hashed_state&);
  [[nodiscard]] bool others_write(thread_index, plain_bytes) const;

  std::deque<place> places_;
  std::unordered_multimap<std::uint64_t, place*> by_hash_;
  std::vector<stand_at> stands_;                               // Of the run.
  std::vector<plain_bytes> contested_;                         // Each once.
  std::unordered_map<std::uintptr_t, std::uint32_t> written_;  // Words: by whom, a bit each.
  std::set<std::pair<thread_index, plain_bytes>> new_data_;    // Since the search began.
};

template <class MayRace>
bool skipped_reads::write(thread_index t, plain_bytes to, MayRace may_race) {
  for (std::uintptr_t word = to.begin / 8; word <= (to.end - 1) / 8; ++word)
    written_[word] |= 1u << t;
  bool is_news = false;
  for (const stand_at& s : stands_) {
    if (s.at->thread == t) continue;
    for (const plain_bytes& read : s.at->data)
      if (read.meets(to) && !is_contested({&read, 1}) && may_race(s.at->thread, s.executed)) {
        contested_.push_back(read);
        is_news = true;
      }
  }
  return is_news;
}

}  // namespace pawl::check::engine

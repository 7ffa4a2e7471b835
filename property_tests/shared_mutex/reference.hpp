#pragma once
// What a shared mutex is: written for the reader, one thread, no tricks.

#include <pawl/sync/shared_mutex.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "../prediction.hpp"

namespace shared_mutex_programs {

enum class way { reading, upgradable, writing };

// The number of an outcome is how many writers came before. Calls are numbered by whoever makes
// them. What a call returns at once is its result; what it does to others is in settled(), in
// order.
class reference {
 public:
  explicit reference(pawl::shared_mutex_options options) : options_(options) {}

  // Returns: the outcome; nothing if the call waits.
  std::optional<outcome> lock(std::size_t call, way how);
  outcome try_lock(way how);
  outcome try_upgrade();
  outcome clear_poison();
  void unlock(way how);
  void change(way from, way to);
  void poison();
  void withdraw(std::size_t call);

  bool is_poisoned() const { return poisoned_; }
  bool has_waiters() const { return !queue_.empty(); }
  bool is_written() const { return written_; }
  std::size_t readers() const { return readers_; }

  // Returns: what was settled since the last such call.
  std::vector<settlement> settled();

 private:
  // In the order of arrival; a reader knows how many writers were let in since it is the oldest.
  struct waiting {
    std::size_t call;
    way how;
    unsigned overtaken = 0;
  };
  using place = std::vector<waiting>::iterator;

  bool fits(way how) const;
  std::uint64_t enter(way how);
  void leave(way how);
  place next();
  place oldest(bool writes);
  void settle();

  const pawl::shared_mutex_options options_;
  std::size_t readers_ = 0;  // the upgradable one included
  bool upgradable_ = false;
  bool written_ = false;
  bool poisoned_ = false;
  std::uint64_t writes_ = 0;
  std::vector<waiting> queue_;
  std::vector<settlement> settled_;
};

}  // namespace shared_mutex_programs

#pragma once
// One thread's part of a cancellation tree: sources below a root that others may use, too, and what
// each must be like by what this thread has done.

#include <pawl/task/cancellation_source.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "operation.hpp"

namespace cancellation_programs {

class family {
 public:
  using problem = std::optional<std::string>;

  // `alone`: nobody else cancels, so that what must be is also all there is.
  family(pawl::cancellation_source& root, bool alone);
  ~family();
  family(const family&) = delete;
  family& operator=(const family&) = delete;

  // Returns: what is wrong after the operation, if anything:
  //   CANCEL-DOWN   a source is cancelled that nothing cancelled; or for another reason
  //   CANCEL-ALL    a source below a cancelled one is not cancelled
  //   CANCEL-ADOPT  so it is, and its parent has ended
  //   CANCEL-ONCE   a node was not called once, or was called though it was taken back
  problem apply(const operation& op);

 private:
  struct node;
  // Number 0 is the root; sources that have ended stay as null pointers.
  struct member {
    std::unique_ptr<pawl::cancellation_source> own;
    std::size_t parent = 0;
    bool was_adopted = false;
    std::optional<std::uint64_t> why;  // as far as this thread knows
  };

  pawl::cancellation_source& source(std::size_t i);
  std::size_t living(std::size_t which) const;
  bool is_living(std::size_t i) const { return i == 0 || members_[i].own != nullptr; }
  void make(std::size_t parent);
  problem destroy(std::size_t i);
  problem cancel(std::size_t i);
  void mark(std::size_t i, std::uint64_t why);
  problem attach(std::size_t i);
  problem detach(std::size_t n);
  problem judge();

  pawl::cancellation_source& root_;
  const bool alone_;
  std::uint64_t cancels_ = 0;
  std::vector<member> members_;
  std::vector<std::unique_ptr<node>> nodes_;
};

}  // namespace cancellation_programs

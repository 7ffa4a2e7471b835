#pragma once
// One thread's dealings with a semaphore: its coroutines that wait, its permits, its accounts.

#include <pawl/sync/semaphore.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "../client.hpp"
#include "operation.hpp"

namespace semaphore_programs {

// The number of a grant is how many permits.
using call = basic_call<pawl::permit, operation>;

// Effects: the call, which waited, has ended.
void end(call& c, pawl::result<pawl::permit> got);

class client : public basic_client<pawl::semaphore, call> {
 public:
  using basic_client::basic_client;

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op);

  // Effects: takes over the permits of the coroutines that are done.
  void collect();

  const std::vector<pawl::permit>& permits() const { return held_; }

  // Permits that came into being by this client's calls, and that were taken out of the world.
  std::int64_t created() const { return created_; }
  std::int64_t removed() const { return removed_; }

 private:
  outcome keep(pawl::result<pawl::permit> got);
  pawl::permit* permit_at(std::size_t which);
  outcome split(const operation& op);
  outcome merge(const operation& op);
  pawl::permit take_out(std::size_t which);

  std::vector<pawl::permit> held_;
  std::int64_t created_ = 0;
  std::int64_t removed_ = 0;
};

}  // namespace semaphore_programs

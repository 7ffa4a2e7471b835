#pragma once
// One thread's dealings with a notify: its coroutines that wait, and its place.

#include <pawl/sync/notify.hpp>

#include <memory>
#include <optional>

#include "../client.hpp"
#include "operation.hpp"

namespace notify_programs {

using pawl::notify;

// Whoever is notified holds nothing; all grants have the number 0.
struct nothing {};
using call = basic_call<nothing, operation>;

class client : public basic_client<notify, call> {
 public:
  using basic_client::basic_client;

  // Effects: makes the call. Returns: what it came to; nothing if a coroutine was started.
  std::optional<outcome> apply(const operation& op);

  void collect() {}

  void give_up() { place_.reset(); }
  bool has_notified_place() const { return place_ != nullptr && place_->is_notified(); }

  // How many waits of this client were notified that were not those of coroutines.
  std::size_t notified() const { return notified_; }

 private:
  outcome keep(const pawl::result<void>& r);

  std::unique_ptr<pawl::enabled_wait> place_;
  std::size_t notified_ = 0;
};

}  // namespace notify_programs

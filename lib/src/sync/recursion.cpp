#include <pawl/sync/recursion.hpp>

#if defined(PAWL_BACKEND_DEBUG)

#include <pawl/task/scheduler.hpp>
#include <pawl/task/turn.hpp>

#include <stdexcept>
#include <string>

PAWL_BEGIN

namespace detail {

void wanted_lock::refuse_thread() const {
  const auto is_own = [this](const ownership_mark::known& held) noexcept {
    return held.is_here && excludes_(held.unit, unit_);
  };
  if (!ownership_mark::any_of(lock_, is_own)) return;
  throw std::logic_error(std::string(name_) +
                         ": the thread would wait for a lock that it holds; let it go first");
}

void wanted_lock::refuse_task(const known_frame* awaiting) const {
  if (awaiting == nullptr) return;
  const auto is_own = [this, awaiting](const ownership_mark::known& held) noexcept {
    return awaiting->encloses(held.mark) && excludes_(held.unit, unit_);
  };
  if (!ownership_mark::any_of(lock_, is_own)) return;
  throw std::logic_error(std::string(name_) +
                         ": the task would wait for a lock that it holds; let it go first");
}

void refuse_to_block_tasks(const char* name) {
  if (current_scheduler() == nullptr && !turn::is_counted()) return;
  throw std::logic_error(std::string(name) +
                         ": the call would block a thread that runs tasks; co_await it, or give it "
                         "a stop_token or a deadline");
}

}  // namespace detail

PAWL_END

#endif

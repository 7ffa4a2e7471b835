#include "prediction.hpp"

namespace mutex_programs {

using kind = operation::kind;
using pawl::errc;

std::optional<outcome> prediction::apply(const operation& op) {
  reference& mutex = reference_;
  switch (op.what) {
    case kind::lock:
    case kind::lock_stoppable:
      start(op.what == kind::lock_stoppable, [&](std::size_t i) { return mutex.lock(i); });
      return std::nullopt;
    case kind::lock_briefly: {
      const outcome tried = mutex.try_lock();
      if (!tried && tried.error().code == errc::would_block) {
        return pawl::failure(errc::timed_out);
      }
      return tried;
    }
    case kind::try_lock:
      return mutex.try_lock();
    case kind::clear_poison:
      return mutex.clear_poison();
    case kind::unlock:
    case kind::force_unlock:
    case kind::map:
      if (mutex.is_locked()) mutex.unlock();
      return 0;
    case kind::unwind:
      if (mutex.is_locked()) mutex.unwind();
      return 0;
    case kind::stop:
      stop(op.which);
      return 0;
    case kind::destroy:
      destroy(op.which);
      return 0;
    case kind::poison:
      mutex.poison();
      return 0;
  }
  return 0;
}

}  // namespace mutex_programs

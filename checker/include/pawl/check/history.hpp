// Histories of calls, as the engine keeps and judges them: without the types of the specification.
// Models use pawl/check/linearizable.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <pawl/check/runtime.hpp>

namespace pawl::check::rt {

/// A sequential object in some state. Those of one history have one type.
class sequential_object {
 public:
  virtual ~sequential_object() = default;
  [[nodiscard]] virtual std::unique_ptr<sequential_object> clone() const = 0;
  [[nodiscard]] virtual bool equals(const sequential_object&) const = 0;
};

/// A point in the program: of this thread, after so many of its events.
struct moment {
  thread_id thread = 0;
  std::uint32_t events = 0;
  std::uint32_t sequence = 0;  ///< Orders the moments of a thread; 0: there was none.
};

/// What an operation does: asks for something, then does what it came for, or takes the request
/// back. One that makes no request does nothing if it is cancelled.
enum class call_part : std::uint8_t { request, effect, cancellation };

/// One call of an operation. What it asks for and returned is kept by its type.
class history_call {
 public:
  enum class ending : std::uint8_t { none, returned, cancelled };

  history_call(bool with_request, bool with_cancellation)
      : has_request(with_request), has_cancellation(with_cancellation) {}
  virtual ~history_call() = default;
  history_call(const history_call&) = delete;

  /// Lets a part take effect on the object. False: it can't in this state, where it waits or would
  /// return something else than it did.
  [[nodiscard]] virtual bool apply(call_part, sequential_object&) const = 0;
  /// "pop() = 3"
  [[nodiscard]] virtual std::string text() const = 0;

  const bool has_request, has_cancellation;  ///< The latter only with the former.
  ending ended = ending::none;
  std::uint32_t number = 0;  ///< Of its history, from 0.
  moment start, requested, end;
};

using history_id = std::uint32_t;

/// Begins a history that is judged when the execution ends. `specification` names it in reports.
/// What it is given must lie in the process heap: it lives longer than the execution. None of these
/// functions is an event.
history_id begin_history(std::unique_ptr<sequential_object> initial, std::string specification,
                         site);
/// The call starts here. It stays where it is until the execution ends.
void begin_call(history_id, std::unique_ptr<history_call>);
/// Its request was made here or before.
void note_request(history_call&);
/// It ended here.
void end_call(history_call&, history_call::ending);
/// Judges the history so far.
void judge_history(history_id);

}  // namespace pawl::check::rt

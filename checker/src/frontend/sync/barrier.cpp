// Barriers: unordered arrivals where the engine can tell their phases, else one word.
//
// The word, when arrivals are ordered (expected alone is the initial value, as rt::arrive() wants):
//
//   bits 0-15    expected in this phase
//   bits 16-31   arrived in it
//   bits 32-47   dropped: expected no more from the next phase on
//   bits 48-63   the phase
//
//   arrive       arrived += n, dropped += 1 perhaps; blocks while all have arrived
//   open_next    when all have arrived: expected -= dropped, arrived = dropped = 0, phase += 1
#include <pawl/check/sync/barrier.hpp>

namespace pawl::check::sync {
namespace {

using rt::word;

constexpr word field = 0xffff;
constexpr word expected(word w) { return w & field; }
constexpr word arrived(word w) { return w >> 16 & field; }
constexpr word dropped(word w) { return w >> 32 & field; }
constexpr word phase(word w) { return w >> 48; }

word next_phase(word w) { return (expected(w) - dropped(w)) | (phase(w) + 1) << 48; }

}  // namespace

// Where phases are held until open_next(), what comes too early waits.
std::pair<word, bool> arrive(rt::atomic_object& o, std::ptrdiff_t n, bool drops, bool ordered,
                             rt::site at) {
  if (n <= 0) rt::misuse("less than one arrives at a barrier", at);
  const auto count = static_cast<word>(n);
  if (!ordered && !rt::orders_arrivals()) return {rt::arrive(o, count, drops, at), false};
  const rt::predicate open{
      [](const word*, word w) { return arrived(w) < expected(w) || expected(w) == 0; }};
  const rt::update add{[](const word* by, word w) {
                         const word sum = w + by[0];
                         return arrived(sum) == expected(sum) && by[1] == 0 ? next_phase(sum) : sum;
                       },
                       {count << 16 | word{drops} << 32, word{ordered}}};
  // The completion function is called with what all have done.
  const auto order = ordered ? std::memory_order_acq_rel : std::memory_order_release;
  const word before = rt::await_update(o, open, add, order, at);
  const word left = expected(before) - arrived(before);
  if (count > left) rt::misuse("more arrive at a barrier than its phase expects", at);
  return {phase(before), count == left};
}

void open_next(rt::atomic_object& o, rt::site at) {
  const rt::predicate always{[](const word*, word) { return true; }};
  const rt::update next{[](const word*, word w) { return next_phase(w); }};
  rt::await_update(o, always, next, std::memory_order_release, at);
}

void await_end_of(word p, const rt::atomic_object& o, bool ordered, rt::site at) {
  if (!ordered && !rt::orders_arrivals()) return rt::await_arrivals(o, p, at);
  const rt::predicate is_over{[](const word* of, word w) { return phase(w) != of[0]; }, {p}};
  rt::await(o, is_over, std::memory_order_acquire, at);
}

}  // namespace pawl::check::sync

namespace pawl::check::detail {

phases::phases(std::ptrdiff_t n, where at)
    : state_{.initial = static_cast<rt::word>(n), .show = rt::show_as::barrier} {
  if (n < 0 || n > max()) rt::misuse("a barrier of less than 0 or above max()", at);
  rt::atomic_begin(state_, at);
}

phases::~phases() { rt::atomic_end(state_, where::current()); }

}  // namespace pawl::check::detail

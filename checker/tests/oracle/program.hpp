#pragma once

#include <atomic>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

/// The oracle: a brute-force enumerator of memory-model behaviour for tiny programs. It shares no
/// code with the exploration engine, so that agreement of the two means something.
namespace pawl::oracle {

using value = int;
using std::memory_order;

/// What an operation does. Every location starts at 0, every register at 0.
enum class op {
  load,
  store,
  fetch_add,
  exchange,
  cas,  ///< strong compare-exchange
  fence,
  await,      ///< a load that blocks until the value passes a test
  await_rmw,  ///< blocks until the value passes a test, then replaces it atomically (a lock)
  skip_if,    ///< jumps over the next operations if a register has a value; not an event
};

enum class comparison { equal, not_equal };

/// One operation; the fields that its kind does not mention are ignored and keep their defaults.
struct operation {
  op kind = op::load;
  int location = 0;
  memory_order order = memory_order::relaxed;          ///< of a CAS: when it succeeds
  memory_order failure_order = memory_order::relaxed;  ///< of a CAS that fails
  int result = 0;      ///< register that receives the value read; the one tested by skip_if
  int addend = -1;     ///< store: register added to `operand`, or -1
  value operand = 0;   ///< value stored, added or exchanged in
  value expected = 0;  ///< right-hand side of the test of cas, await, await_rmw and skip_if
  comparison test = comparison::equal;
  int skip = 0;  ///< skip_if: how many operations are jumped over

  bool operator==(const operation&) const = default;
};

bool reads(const operation&) noexcept;
bool accesses(const operation&) noexcept;  ///< has a location
bool waits(const operation&) noexcept;

/// Whether `v` passes the test of a waiting operation.
bool passes(const operation&, value v) noexcept;

using thread = std::vector<operation>;

struct program {
  std::vector<thread> threads;

  /// One more than the highest location and register used.
  int locations() const noexcept;
  int registers() const noexcept;

  bool operator==(const program&) const = default;
};

/// A memory order as written in the text form: rlx, acq, rel, acq_rel or sc.
std::string_view order_name(memory_order) noexcept;

/// A location as written in the text form: x, y, z, w, then m4, m5, …
std::string location_name(int location);

/// The text form of a program. Threads are separated by `/`, operations by `;`:
///
///     store x 1 rel; store y r0+1 rlx; fence sc
///     r0 = load x acq; r1 = fetch_add x 1 rlx; r2 = exchange x 5 acq_rel
///     r0 = cas x 0 1 acq_rel rlx           (expected, desired, success, failure)
///     r0 = await x == 1 acq; r0 = await_rmw x != 0 -> 2 acq
///     if r0 == 0 skip 2
///
/// An omitted order is relaxed. `m0` … `m3` are accepted for x, y, z, w.
std::string to_text(const program&);
std::ostream& operator<<(std::ostream&, const program&);

/// Reads the text form. Throws std::invalid_argument, which quotes the operation at fault.
/// parse(to_text(p)) == p.
program parse(std::string_view text);

}  // namespace pawl::oracle

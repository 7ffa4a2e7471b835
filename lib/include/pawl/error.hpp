#pragma once
// Outcomes of operations: expected failures are values (`result<T>`), never exceptions, until the
// caller asks for one with `.value()`.

#include <pawl/backend/backend.hpp>

#include <tl/expected.hpp>

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

PAWL_BEGIN

enum class errc : std::uint8_t {
  cancelled = 1,  // the stop token of the wait was triggered
  timed_out,      // the deadline of the wait passed
  closed,         // the object was closed: nothing will be granted any more
  poisoned,       // the object was left in doubt: unwinding, overflow, or poison()
  would_block,    // a try_ operation could not finish at once
  exceeds_limit,  // `value` was asked for where at most `limit` is possible
};

// Returns: the enumerator's name, e.g. "exceeds_limit".
std::string_view to_string(errc code) noexcept;

// Why an operation did not happen. `value` and `limit` are what was asked for and what is possible,
// zero where the code needs neither.
struct error {
  errc code;
  std::uint64_t value = 0;
  std::uint64_t limit = 0;

  friend bool operator==(const error&, const error&) = default;
};

// Returns: one sentence for a person, naming value and limit where there are any.
std::string to_string(const error& e);

template <class T>
using result = tl::expected<T, error>;

// Returns: the failure, convertible to every result<T>.
inline tl::unexpected<error> failure(errc code, std::uint64_t value = 0, std::uint64_t limit = 0) {
  return tl::unexpected<error>(error{code, value, limit});
}

// What the guard of an object does when an exception unwinds it that was not in flight when the
// guard was made.
enum class on_unwind : std::uint8_t {
  poison,   // the data may be half changed: mark the object, so that nobody trusts it unknowingly
  release,  // the data is sound: release as on a normal exit
};

PAWL_END

// What `result<T>::value()` throws: `pawl::operation_failed`. tl::expected fixes the name; this
// specialization gives it a text that says what failed.
template <>
class tl::bad_expected_access<pawl::error> : public std::exception {
 public:
  explicit bad_expected_access(pawl::error e) : error_(e), text_(to_string(e)) {}

  [[nodiscard]] const pawl::error& error() const noexcept { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  pawl::error error_;
  std::string text_;
};

PAWL_BEGIN

using operation_failed = tl::bad_expected_access<error>;

// Effects: none. Returns: the value of `r`; of a result<void>, which has no .value(), nothing.
// Throws: operation_failed, if there is none.
template <class T>
T or_throw(result<T> r) {
  if (!r) throw operation_failed(r.error());
  if constexpr (!std::is_void_v<T>) return *std::move(r);
}

PAWL_END

// One row of a trace in words.
#pragma once

#include <string>
#include <string_view>

#include <pawl/check/report.hpp>

namespace pawl::check::reporting {

/// What the thread did: "load x: 0", "store x = 1", "fetch_add x: 0 -> 1", "await x: 0, never
/// satisfied". `arrow` stands between an old and a new value.
[[nodiscard]] std::string describe(const step&, std::string_view arrow);

/// True if the thread is stuck in this step.
[[nodiscard]] bool waits_for_ever(const step&);

/// What is surprising in it, else empty: "stale: reads the initial value, not the 1 that row 3
/// stored".
[[nodiscard]] std::string remark(const failure&, const step&);

/// "semaphore.cpp:88"; with a folder if another file of the trace has the same name; empty if
/// unknown.
[[nodiscard]] std::string place(const failure&, const step&);

/// Title of a thread; "thread 3" if the failure does not name it.
[[nodiscard]] std::string thread_title(const failure&, unsigned thread);

/// The row at which it failed, as an index into steps; steps.size() if after the last.
[[nodiscard]] std::size_t failing_step(const failure&);

}  // namespace pawl::check::reporting

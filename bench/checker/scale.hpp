#pragma once

#include <cstdint>
#include <string_view>

/// The argument that comes before a number of executions, in a process of its own.
inline constexpr std::string_view explore_alone = "--explore-alone";
/// Effects: explores so many executions of the endless family, or with 0 a tiny program; prints how
///   many MiB were resident at most. Returns: an exit code.
int explore_and_tell(std::uint64_t executions);

/// Effects: prints what two jobs gain, what memory is used for few and for many executions, and how
/// long a process takes from its start to the verdict on a tiny program.
void print_scale();

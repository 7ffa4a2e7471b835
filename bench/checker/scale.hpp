#pragma once

#include <string_view>

/// Explores one tiny program: what a process of its own takes for that is the start-up.
inline constexpr std::string_view explore_once = "--explore-once";
int explore_tiny_program();

/// Effects: prints what two jobs gain, what memory is used for few and for many executions, and how
/// long a process takes from its start to the verdict on a tiny program.
void print_scale();

// What the program prints: kept for the execution at hand, and shown if that fails.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

namespace pawl::check::instrumented {

/// Effects: from now on stdout, stderr, std::cout and the like are ours, and stdin is read once for
/// all executions.
void capture_output();

/// True of streams that are ours.
[[nodiscard]] bool is_captured(const FILE*);

/// Effects: before an execution: nothing has been printed or read.
void forget_output();

/// Effects: notes that the running thread prints this.
void print(const void* text, std::size_t size);

/// What was printed since the execution began; its end is missing if it was too much.
[[nodiscard]] std::string printed();

/// Effects: copies what stdin has next. Returns: how many bytes.
std::size_t read_input(void* to, std::size_t size);

}  // namespace pawl::check::instrumented

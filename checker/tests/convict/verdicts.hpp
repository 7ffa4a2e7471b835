// Assertions about the verdict on a program.
#pragma once

#include <pawl/check.hpp>

#include <functional>
#include <string_view>

namespace pawl::check::tests {

/// Explores `program` and asserts that it is convicted of a bug of this kind, that the sentence
/// contains `says`, and that the replay token reproduces the same failure.
void convict(failure_kind kind, std::string_view says, const std::function<void()>& program,
             const options& = {});

/// The same under rc11 and sc, with and without unblocking, and drawn by each strategy.
void convict_always(failure_kind kind, std::string_view says, const std::function<void()>& program,
                    const options& = {});

/// Explores `program` and asserts that nothing is wrong with it, that the search was complete and
/// that at least one execution was.
void acquit(const std::function<void()>& program, const options& = {});

/// The same under rc11 and sc, with and without unblocking; and executions that are drawn
/// find nothing either.
void acquit_always(const std::function<void()>& program, const options& = {});

}  // namespace pawl::check::tests

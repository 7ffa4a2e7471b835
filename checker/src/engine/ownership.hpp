// Who never gave back what, in memory that leaks.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace pawl::check::engine {

class runtime;

/// Adds what guards and permits in these bytes say: "main never gave back what it took of m, after
/// its event 5".
void note_owners(const runtime&, std::span<const std::byte>, std::vector<std::string>& notes);

}  // namespace pawl::check::engine

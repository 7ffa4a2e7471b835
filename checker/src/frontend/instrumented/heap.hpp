// malloc() and operator new of the program: model threads have heaps of their own.
#pragma once

namespace pawl::check::instrumented {

/// Where the program calls free() or delete now.
[[nodiscard]] const void* freeing_code();

}  // namespace pawl::check::instrumented

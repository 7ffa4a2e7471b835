#include "thread_data.hpp"

#include <link.h>

namespace pawl::check::engine {
namespace {

// The same for every thread, relative to its thread pointer: the executable's variables lie where
// the loader was told to put them when it was linked.
struct placement {
  std::ptrdiff_t from_pointer = 0;
  std::size_t size = 0;
};

std::byte* thread_pointer() { return static_cast<std::byte*>(__builtin_thread_pointer()); }

// The first module is the executable.
int find(dl_phdr_info* info, std::size_t, void* to) {
  auto& found = *static_cast<placement*>(to);
  for (int i = 0; i < info->dlpi_phnum; ++i)
    if (info->dlpi_phdr[i].p_type == PT_TLS && info->dlpi_tls_data != nullptr)
      found = {static_cast<std::byte*>(info->dlpi_tls_data) - thread_pointer(),
               info->dlpi_phdr[i].p_memsz};
  return 1;
}

}  // namespace

std::span<std::byte> thread_data() {
  static const placement where = [] {
    placement found;
    dl_iterate_phdr(find, &found);
    return found;
  }();
  return {thread_pointer() + where.from_pointer, where.size};
}

}  // namespace pawl::check::engine

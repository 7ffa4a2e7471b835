// UNHANDLED-HB: what a handler needs is prepared before it is set; so whoever calls it, or replaces
// it, finds that.

#include <pawl/task/unhandled.hpp>

#include "../support.hpp"

using namespace models;

namespace {

constinit pawl::cell<int>* needed = nullptr;  // of the model that runs

void use(std::exception_ptr) noexcept { require(needed->read() == 1, "UNHANDLED-HB"); }
void ignore(std::exception_ptr) noexcept {}

// Prepares one handler in the place of another, while `meanwhile` runs.
template <class F>
void replace_while(F meanwhile) {
  pawl::cell<int> prepared{0};
  needed = &prepared;
  pawl::set_unhandled_handler(&ignore);
  together(
      [&] {
        prepared.write(1);
        pawl::set_unhandled_handler(&use);
      },
      meanwhile);
  pawl::set_unhandled_handler(nullptr);
}

}  // namespace

PAWL_MODEL("task.unhandled.called", "a handler finds what was prepared for it",
           bounds{.threads = 3, .note = "1 thread sets a handler, 1 has an exception"}) {
  replace_while([] { pawl::on_unhandled(nullptr); });
}

PAWL_MODEL("task.unhandled.replaced", "so does who puts another in its place",
           bounds{.threads = 3, .note = "2 threads set a handler, 1 calls the one before"}) {
  replace_while([] {
    if (pawl::set_unhandled_handler(&ignore) == &use) use(nullptr);
  });
}

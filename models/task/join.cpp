// JOIN-HB: what a spawned task did happens before the end of its join, whichever comes first.
// JOIN-DROP: the task of a handle that is dropped goes on, and what it was made of is destroyed
// once, when both are through with it. What is touched afterwards is a use after its end.

#include <pawl/task/spawn.hpp>

#include "../support.hpp"

using namespace models;

namespace {

pawl::task<> write(pawl::cell<count_t>& to) {
  to.write(1);
  co_return;
}

call join(in_waker, pawl::join_handle<> task, const pawl::cell<count_t>& written) {
  const auto joined = co_await std::move(task);
  require(joined.has_value());
  co_return written.read();
}

}  // namespace

PAWL_MODEL("task.join.tried", "who finds it finished sees what it did",
           bounds{.threads = 2, .note = "a task; its join is tried, then waited for"}) {
  pawl::cell<count_t> written{0};
  home where;
  auto task = pawl::spawn(where, write(written));
  if (!task.try_join()) require(std::move(task).join_blocking().has_value());
  require(written.read() == 1, "JOIN-HB");
}

PAWL_MODEL("task.join.awaited", "so does a coroutine that awaits it",
           bounds{.threads = 2, .note = "a task, joined by a coroutine"}) {
  pawl::cell<count_t> written{0};
  home where;
  const call joining = join(in_waker(), pawl::spawn(where, write(written)), written);
  require(joining.count() == 1, "JOIN-HB");
}

PAWL_MODEL("task.join.dropped", "a handle is dropped while its task ends",
           bounds{.threads = 2, .note = "a task, aborted and left alone"}) {
  pawl::cell<count_t> written{0};
  {
    home where;
    pawl::spawn(where, write(written)).abort();
  }
  require(written.read() == 1, "JOIN-DROP");
}

// Cancellation trees: marking downwards, ends in any order, and waits that something else may end.
#include <memory>

#include "../cancellation/calls.hpp"

using namespace models;

namespace {

struct family {
  cancellation_source root;
  cancellation_source child{root.get_token()};
};

call wait_and_destroy(in_waker, std::unique_ptr<family>& all) {
  const auto r = co_await all->child.get_token().cancelled();
  all.reset();
  co_return value_of(r);
}

call wait(in_waker, cancellation_token token, pawl::stop_token stop) {
  const auto r = co_await token.cancelled(stop);
  co_return value_of(r);
}

}  // namespace

PAWL_MODEL("cancellation.born", "a child of a cancelled source is born cancelled",
           bounds{.threads = 2, .note = "a cancel; a child"}) {
  cancellation_source root;
  together([&] { root.request_stop(); });
  const cancellation_source child(root.get_token());
  require(child.stop_requested(), "CANCEL-DOWN: a child goes on without its parent");
}

PAWL_MODEL("cancellation.adopt", "the children of a source that ends have another parent",
           bounds{.threads = 2, .note = "3 generations; the second ends, then the third"}) {
  cancellation_source root;
  auto middle = std::make_unique<cancellation_source>(root.get_token());
  const cancellation_source last(middle->get_token());
  together([&] { middle.reset(); });
}

PAWL_MODEL("cancellation.all", "on every return all below are cancelled",
           bounds{.threads = 3, .note = "2 generations; 2 threads cancel the first"}) {
  family all;
  const auto cancel = [&] {
    all.root.request_stop();
    require(all.child.stop_requested(), "CANCEL-ALL: a call returns too early");
  };
  together(cancel, cancel);
}

PAWL_MODEL("cancellation.destroy", "who is resumed may destroy all that is cancelled",
           bounds{.threads = 2, .note = "2 generations; a call that destroys; a cancel"}) {
  auto all = std::make_unique<family>();
  const call waiting = wait_and_destroy(in_waker(), all);
  together([&] { all->root.request_stop(); });
  require(waiting.granted());
}

PAWL_MODEL("cancellation.siblings", "children may be made at once",
           bounds{.threads = 3, .note = "2 threads make a child each"}) {
  cancellation_source root;
  mortal a, b;
  together([&] { a.emplace(root.get_token()); }, [&] { b.emplace(root.get_token()); });
}

PAWL_MODEL("cancellation.puller", "a wait ends when who pulls a trigger is through with it",
           bounds{.threads = 3, .note = "a call to be stopped; a cancel; a stop"}) {
  cancellation_source source;
  pawl::stop_source stop;
  const call waiting = wait(in_waker(), source.get_token(), stop.get_token());
  together([&] { source.request_stop(); }, [&] { stop.request_stop(); });
  require(waiting.granted() || waiting.failed_with(errc::cancelled));
}

PAWL_MODEL("cancellation.limit", "who ends a wait sees how it was begun",
           bounds{.threads = 3, .note = "a call to be stopped, from a thread; a cancel"}) {
  cancellation_source source;
  pawl::stop_source stop;
  std::optional<call> waiting;
  together([&] { waiting = wait(in_waker(), source.get_token(), stop.get_token()); },
           [&] { source.request_stop(); });
  require(waiting->granted());
}

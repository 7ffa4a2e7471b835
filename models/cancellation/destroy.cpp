// CANCEL-DESTROY: a source may end while it, or one above, is being cancelled, in a callback too;
// so may the root. What is touched afterwards is a use after its end.

#include <memory>

#include "../late_timer.hpp"
#include "calls.hpp"

using namespace models;

namespace {

struct family {
  cancellation_source root;
  cancellation_source child{root.get_token()};
};

// Destroys all there is when it is resumed.
call wait_and_destroy(std::unique_ptr<family>& all) {
  const auto r = co_await all->child.get_token().cancelled();
  all.reset();
  co_return value_of(r);
}
call wait_and_destroy(in_waker, cancellation_token token, std::optional<call>& other) {
  const auto r = co_await token.cancelled();
  other.reset();
  co_return value_of(r);
}

call wait_in_time(late_timer&, cancellation_token token) {
  const auto r = co_await token.cancelled_until(pawl::steady_clock::time_point::max());
  co_return value_of(r);
}

// Cancels another source when it is resumed, and destroys who waits for that.
call wait_and_cancel(in_waker, cancellation_token token, cancellation_source& next,
                     std::optional<call>& other) {
  const auto r = co_await token.cancelled();
  next.request_stop();
  other.reset();
  co_return value_of(r);
}

}  // namespace

PAWL_MODEL("cancellation.destroy.child", "a child ends while its parent is cancelled",
           bounds{.threads = 3,
                  .note = "2 children, a node of the second; the first ends; a cancel"}) {
  cancellation_source root;
  mortal first(std::in_place, root.get_token());
  cancellation_source second(root.get_token());
  const counting_node node(second.get_stop_token());
  together([&] { root.request_stop(); }, [&] { first.reset(); });
  require(node.calls() == 1);
}

PAWL_MODEL("cancellation.destroy.detached", "one whose node is taken back at the last moment",
           bounds{.threads = 3,
                  .note = "a child with a node; a cancel; the node is detached, the child ends"}) {
  cancellation_source root;
  mortal child(std::in_place, root.get_token());
  counting_node node(child->get_stop_token());
  together([&] { root.request_stop(); },
           [&] {
             if (node.try_detach()) child.reset();
           });
}

PAWL_MODEL("cancellation.destroy.all", "who is resumed destroys all that was cancelled",
           bounds{.threads = 3,
                  .note = "2 generations; a call for the second; a cancel of the first"}) {
  auto all = std::make_unique<family>();
  const call waiting = wait_and_destroy(all);
  together([&] { all->root.request_stop(reason_of(4)); });
  require(waiting.count() == 4 && all == nullptr);
}

PAWL_MODEL("cancellation.destroy.two_calls", "though two calls are in progress",
           bounds{.threads = 4,
                  .note = "2 generations; a call for the second; a cancel, a deadline"}) {
  auto all = std::make_unique<family>();
  pawl::stop_source stop;
  std::optional<pawl::cancellation_link> link(std::in_place, all->root, stop.get_token());
  const call waiting = wait(in_waker(), all->child.get_token());
  together([&] { stop.request_stop(); },
           [&] {
             require(waiting.granted());
             link.reset();
             all.reset();
           });
}

PAWL_MODEL(
    "cancellation.destroy.deadline", "so it is if a deadline cancels",
    bounds{.threads = 3,
           .note = "2 generations; a deadline of the first; a thread that waits for the second"}) {
  auto all = std::make_unique<family>();
  std::optional<pawl::cancellation_deadline> deadline(
      std::in_place, all->root, pawl::steady_clock::now() + std::chrono::seconds(1));
  together([&] {
    require(all->child.get_token().cancelled_blocking().has_value());
    deadline.reset();
    all.reset();
  });
}

PAWL_MODEL("cancellation.destroy.deadline_disarmed", "a deadline that ends, or cancels first",
           bounds{.threads = 3, .note = "a deadline, and its end"}) {
  cancellation_source source;
  std::optional<pawl::cancellation_deadline> deadline(
      std::in_place, source, pawl::steady_clock::now() + std::chrono::seconds(1));
  together([&] { deadline.reset(); });
  const auto why = source.reason();
  require(!why || why->what == stop_reason::kind::deadline);
}

PAWL_MODEL("cancellation.destroy.waiter", "a call that waits is destroyed during the cancel",
           bounds{.threads = 4,
                  .note = "2 calls, the second is destroyed by the first; a cancel"}) {
  cancellation_source source;
  std::optional<call> second;
  second = wait(in_waker(), source.get_token());
  const call first = wait_and_destroy(in_waker(), source.get_token(), second);
  together([&] { source.request_stop(); });
  require(first.granted() && !second);
}

PAWL_MODEL("cancellation.destroy.waiter_put_off", "or when it was resumed, but has not gone on",
           bounds{.threads = 2, .note = "3 calls, each resumed by the one before"}) {
  cancellation_source sources[3];
  std::optional<call> nobody, last;
  const call first = wait_and_cancel(in_waker(), sources[0].get_token(), sources[1], nobody);
  const call second = wait_and_cancel(in_waker(), sources[1].get_token(), sources[2], last);
  last = wait(in_waker(), sources[2].get_token());
  together([&] { sources[0].request_stop(); });
  require(first.granted() && second.granted() && !last);
}

PAWL_MODEL("cancellation.destroy.waiter_as_time_is_up", "or while its deadline passes",
           bounds{.threads = 2, .note = "a call with a deadline, destroyed"}) {
  cancellation_source source;
  late_timer timer;
  std::optional<call> waiting = wait_in_time(timer, source.get_token());
  pawl::thread clock([&] { timer.run(); });
  waiting.reset();
  clock.join();
}

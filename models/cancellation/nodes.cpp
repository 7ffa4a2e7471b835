// CANCEL-ONCE: an attached node is called once or given back by try_detach, never both or neither.
// CANCEL-NO-LOST-WAKE-UP: whoever waits for a cancellation is resumed by it. CANCEL-LIMIT: a wait
// that ends otherwise has left no trace. (A model that loses a wake-up ends in a deadlock.)

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

PAWL_MODEL("cancellation.nodes.once", "a node is called or given back",
           bounds{.threads = 3, .note = "a node of a child; a cancel of the root; a detach"}) {
  cancellation_source root;
  cancellation_source child(root.get_token());
  counting_node node(child.get_stop_token());
  bool given_back = false;
  together([&] { root.request_stop(); }, [&] { given_back = node.try_detach(); });
  require(node.calls() == (given_back ? 0 : 1), "CANCEL-ONCE");
}

PAWL_MODEL("cancellation.nodes.calls", "two calls that meet call each node once",
           bounds{.threads = 3, .note = "2 generations with a node each; a cancel of each"}) {
  cancellation_source root;
  cancellation_source child(root.get_token());
  const counting_node upper(root.get_stop_token());
  const counting_node lower(child.get_stop_token());
  together([&] { root.request_stop(); }, [&] { child.request_stop(); });
  require(upper.calls() == 1 && lower.calls() == 1, "CANCEL-ONCE");
}

PAWL_MODEL("cancellation.nodes.late", "a node that comes too late is refused",
           bounds{.threads = 3, .note = "a cancel of the root; a node for a child"}) {
  cancellation_source root;
  cancellation_source child(root.get_token());
  std::optional<counting_node> node;
  together([&] { root.request_stop(); }, [&] { node.emplace(child.get_stop_token()); });
  require(node->calls() == (node->is_attached() ? 1 : 0), "CANCEL-ONCE");
}

PAWL_MODEL("cancellation.nodes.wait", "who waits is resumed",
           bounds{.threads = 4, .note = "a call; a cancel"}) {
  cancellation_source source;
  std::optional<call> waiting;
  together([&] { waiting = wait(source.get_token()); }, [&] { source.request_stop(reason_of(3)); });
  require(waiting->count() == 3);
}

PAWL_MODEL("cancellation.nodes.wait_below", "so for the calls of a whole tree",
           bounds{.threads = 5,
                  .note = "3 generations, a call for each; a cancel of each but the last"}) {
  cancellation_source root;
  cancellation_source child(root.get_token());
  cancellation_source grandchild(child.get_token());
  const call a = wait(in_waker(), root.get_token());
  const call b = wait(in_waker(), child.get_token());
  const call c = wait(in_waker(), grandchild.get_token());
  together([&] { root.request_stop(reason_of(1)); }, [&] { child.request_stop(reason_of(1)); });
  require(a.count() == 1 && b.count() == 1 && c.count() == 1);
}

PAWL_MODEL("cancellation.nodes.thread", "so for a thread",
           bounds{.threads = 3, .note = "1 thread waits for a child; a cancel of the root"}) {
  cancellation_source root;
  cancellation_source child(root.get_token());
  together([&] { require(child.get_token().cancelled_blocking() == reason_of(1)); },
           [&] { root.request_stop(reason_of(1)); });
}

PAWL_MODEL("cancellation.nodes.threads", "so for threads, above and below",
           bounds{.threads = 4,
                  .note = "1 thread waits for the root, 1 for a child; a cancel of the root"}) {
  cancellation_source root;
  cancellation_source child(root.get_token());
  together([&] { require(root.get_token().cancelled_blocking() == reason_of(1)); },
           [&] { require(child.get_token().cancelled_blocking() == reason_of(1)); },
           [&] { root.request_stop(reason_of(1)); });
}

PAWL_MODEL("cancellation.nodes.stop", "a stop that meets the cancel: the wait ends once",
           bounds{.threads = 4, .note = "a call to be stopped; a cancel"}) {
  cancellation_source source;
  pawl::stop_source stop;
  const call waiting = wait(source.get_token(), stop.get_token());
  together([&] { source.request_stop(reason_of(2)); }, [&] { stop.request_stop(); });
  require(waiting.count() == 2 || waiting.failed_with(errc::cancelled), "CANCEL-LIMIT");
}

PAWL_MODEL("cancellation.nodes.stop_first", "one that comes while the wait begins, too",
           bounds{.threads = 5, .note = "a call to be stopped, from a thread; a cancel"}) {
  cancellation_source source;
  pawl::stop_source stop;
  std::optional<call> waiting;
  together([&] { waiting = wait(source.get_token(), stop.get_token()); },
           [&] { source.request_stop(reason_of(2)); }, [&] { stop.request_stop(); });
  require(waiting->count() == 2 || waiting->failed_with(errc::cancelled), "CANCEL-LIMIT");
}

PAWL_MODEL("cancellation.nodes.thread_stop", "so it is for a thread",
           bounds{.threads = 4, .note = "1 thread waits, to be stopped; a cancel"}) {
  cancellation_source source;
  pawl::stop_source stop;
  together(
      [&] {
        const auto r = source.get_token().cancelled_blocking(stop.get_token());
        require(r ? *r == reason_of(2) : r.error().code == errc::cancelled, "CANCEL-LIMIT");
      },
      [&] { source.request_stop(reason_of(2)); }, [&] { stop.request_stop(); });
}

PAWL_MODEL("cancellation.nodes.deadline", "and a deadline that meets the cancel",
           bounds{.threads = 4, .note = "a call with a deadline; a cancel"}) {
  cancellation_source source;
  const call waiting = wait_in_time(source.get_token());
  together([&] { source.request_stop(reason_of(2)); });
  require(waiting.count() == 2 || waiting.failed_with(errc::timed_out), "CANCEL-LIMIT");
}

PAWL_MODEL("cancellation.nodes.thread_deadline", "so it is for a thread",
           bounds{.threads = 3, .note = "1 thread waits with a deadline; a cancel"}) {
  cancellation_source source;
  together(
      [&] {
        const auto r = source.get_token().cancelled_blocking_for(1s);
        require(r ? *r == reason_of(2) : r.error().code == errc::timed_out, "CANCEL-LIMIT");
      },
      [&] { source.request_stop(reason_of(2)); });
}

PAWL_MODEL("cancellation.nodes.happens_before", "who sees the cancel sees what led to it",
           bounds{.threads = 4, .note = "a call for a grandchild; a cancel of the root; a look"}) {
  pawl::cell<int> data{0};
  cancellation_source root;
  cancellation_source child(root.get_token());
  cancellation_source grandchild(child.get_token());
  together(
      [&] {
        data.write(1);
        root.request_stop();
      },
      [&] {
        if (grandchild.stop_requested()) require(data.read() == 1);
      },
      [&] {
        require(grandchild.get_token().cancelled_blocking().has_value());
        require(data.read() == 1);
      });
}

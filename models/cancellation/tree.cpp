// CANCEL-DOWN: a source is cancelled with its parent, never the other way round. CANCEL-ALL: when a
// request_stop returns, whichever call it was, all below are cancelled. CANCEL-ADOPT: the children
// of a source that ends become its parent's.

#include "calls.hpp"

using namespace models;

PAWL_MODEL("cancellation.tree.born", "a child of a cancelled source is born cancelled",
           bounds{.threads = 3, .note = "a cancel of the root; a child is made, and looked at"}) {
  cancellation_source root;
  together([&] { root.request_stop(reason_of(1)); },
           [&] {
             const bool was_stopped = root.stop_requested();
             const cancellation_source child(root.get_token());
             require(!was_stopped || child.stop_requested());
             require(!child.stop_requested() || root.stop_requested());
             require(!child.stop_requested() || child.reason() == reason_of(1));
           });
}

PAWL_MODEL("cancellation.tree.all", "on every return all below are cancelled",
           bounds{.threads = 3, .note = "3 generations; cancels of the first and the second"}) {
  cancellation_source root;
  cancellation_source child(root.get_token());
  cancellation_source grandchild(child.get_token());
  together(
      [&] {
        require(root.request_stop(reason_of(1)));
        require(child.stop_requested() && grandchild.stop_requested(), "CANCEL-ALL");
      },
      [&] {
        child.request_stop(reason_of(2));
        require(child.stop_requested() && grandchild.stop_requested(), "CANCEL-ALL");
      });
  require(root.reason() == reason_of(1) && child.reason() == grandchild.reason());
}

PAWL_MODEL("cancellation.tree.twice", "so for the second of two calls for the same source",
           bounds{.threads = 3, .note = "a child; 2 threads cancel"}) {
  cancellation_source root;
  cancellation_source child(root.get_token());
  unsigned firsts[2] = {};
  const auto cancel = [&](unsigned i) {
    firsts[i] = root.request_stop(reason_of(i)) ? 1 : 0;
    require(child.stop_requested(), "CANCEL-ALL");
  };
  together([&] { cancel(0); }, [&] { cancel(1); });
  require(firsts[0] + firsts[1] == 1);
  require(root.reason() == reason_of(firsts[1]) && child.reason() == root.reason());
}

PAWL_MODEL("cancellation.tree.up", "parents and siblings go on",
           bounds{.threads = 3, .note = "2 children with a child each; a cancel of each child"}) {
  cancellation_source root;
  cancellation_source first(root.get_token());
  cancellation_source second(root.get_token());
  cancellation_source below(first.get_token());
  together([&] { first.request_stop(); }, [&] { require(!root.stop_requested(), "CANCEL-DOWN"); });
  require(below.stop_requested() && !second.stop_requested() && !root.stop_requested());
}

PAWL_MODEL("cancellation.tree.adopt",
           "the children of a source that ends are cancelled with its parent",
           bounds{.threads = 3, .note = "3 generations; the second ends; a cancel of the first"}) {
  cancellation_source root;
  mortal child(std::in_place, root.get_token());
  cancellation_source grandchild(child->get_token());
  together([&] { child.reset(); },
           [&] {
             root.request_stop(reason_of(1));
             require(grandchild.reason() == reason_of(1), "CANCEL-ALL");
           });
}

PAWL_MODEL("cancellation.tree.orphans", "so they are when two ends meet",
           bounds{.threads = 3,
                  .note = "4 generations; the second and the third end; then a cancel"}) {
  cancellation_source root;
  mortal child(std::in_place, root.get_token());
  mortal grandchild(std::in_place, child->get_token());
  cancellation_source last(grandchild->get_token());
  together([&] { child.reset(); }, [&] { grandchild.reset(); });
  require(!last.stop_requested());
  root.request_stop();
  require(last.stop_requested(), "CANCEL-ADOPT");
}

PAWL_MODEL("cancellation.tree.family", "so they are when the parent and its children end at once",
           bounds{.threads = 4,
                  .note = "3 generations; the second and both of the third end; a cancel"}) {
  cancellation_source root;
  mortal parent(std::in_place, root.get_token());
  mortal first(std::in_place, parent->get_token());
  mortal second(std::in_place, parent->get_token());
  together([&] { parent.reset(); }, [&] { first.reset(); }, [&] { second.reset(); });
  require(root.request_stop());
}

PAWL_MODEL("cancellation.tree.ends_and_cancel", "two generations end while their root is cancelled",
           bounds{.threads = 4,
                  .note = "4 generations; the second and the third end; a cancel of the first"}) {
  cancellation_source root;
  mortal child(std::in_place, root.get_token());
  mortal grandchild(std::in_place, child->get_token());
  cancellation_source last(grandchild->get_token());
  together([&] { child.reset(); }, [&] { grandchild.reset(); },
           [&] {
             root.request_stop();
             require(last.stop_requested(), "CANCEL-ALL");
           });
}

PAWL_MODEL("cancellation.tree.join", "a child that is made while its parent's children move",
           bounds{.threads = 3,
                  .note = "2 children; the first ends, a child of the second is made; a cancel"}) {
  cancellation_source root;
  mortal first(std::in_place, root.get_token());
  mortal second(std::in_place, root.get_token());
  mortal late;
  together([&] { first.reset(); }, [&] { late.emplace(second->get_token()); });
  second.reset();
  root.request_stop();
  require(late->stop_requested());
}

// What a sender and its receiver owe each other.
#include "../sender/calls.hpp"
#include "../sender/inbox.hpp"

using namespace models;

namespace {

// A place of which one can ask whether it is at work.
class known_place final : public pawl::scheduler {
 public:
  void schedule(pawl::work_item& item) noexcept override {
    scheduled_.write(&item);
    comes_.open();
  }

  // Waits for what is scheduled, and runs it.
  void run() {
    comes_.wait();
    works_.write(true);
    (*scheduled_.read())();
    works_.write(false);
  }
  bool works() const { return works_.read(); }

 private:
  gate comes_;
  pawl::cell<pawl::work_item*> scheduled_{nullptr};
  pawl::cell<bool> works_{false};
};

}  // namespace

PAWL_MODEL("sender.place", "it tells where the receiver wants to be told",
           bounds{.threads = 2, .note = "a sender of 1; a release of 1, and then the place runs"}) {
  pawl::semaphore s(0);
  known_place place;
  answer a(place);
  const before_all first{&place, [](void* p) { require(static_cast<known_place*>(p)->works()); }};
  auto op = acquiring(s, 1).connect(answering(a, pawl::stop_token(), &first));
  op.start();
  together([&] { s.release(1); });
  place.run();
  require(a.granted());
}

PAWL_MODEL("sender.told", "telling is the last that is done with an operation",
           bounds{.threads = 3, .note = "a sender of 1; a release of 1"}) {
  pawl::semaphore s(0);
  pawl::stop_source never;
  answer a;
  before_all first;
  start_and_destroy_when_told(acquiring(s, 1), a, foreign_token(never), first);
  together([&] { s.release(1); });
  require(a.granted());
}

PAWL_MODEL("sender.forwarded", "nobody tells of it while a foreign stop is on its way to it",
           bounds{.threads = 4, .note = "a sender of 1, to be stopped; a release of 1"}) {
  pawl::semaphore s(0);
  pawl::stop_source stop;
  answer a;
  before_all first;
  start_and_destroy_when_told(acquiring(s, 1), a, foreign_token(stop), first);
  together([&] { s.release(1); }, [&] { stop.request_stop(); });
  require(a.count() + s.available_permits() == 1 && !s.has_waiters());
}

PAWL_MODEL("drained_inbox.drain", "who drains sees what was put in",
           bounds{.threads = 3, .note = "2 threads put in 1 each, and drain when they are to"}) {
  drained place;
  counted a, b;
  together([&] { place.schedule(a); }, [&] { place.schedule(b); });
  require(a.ran() && b.ran());
}

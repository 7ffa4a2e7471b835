// blocking::once. ONCE-SINGLE: what is to be done is done once. ONCE-RETRY: whoever comes after an
// attempt that threw makes his own. ONCE-HB: who finds it done sees what was done. Who waits for an
// end that nobody tells of is a deadlock.

#include <chrono>

#include <pawl/blocking/once.hpp>

#include "calls.hpp"

using namespace models;
using pawl::blocking::once;
using namespace std::chrono_literals;

namespace {

struct failed_attempt {};

void set(pawl::cell<int>& value) { value.write(value.read() + 1); }

}  // namespace

PAWL_MODEL("blocking.once.single", "one of two calls does it, and both see it",
           bounds{.threads = 3, .note = "2 threads call"}) {
  once o;
  pawl::cell<int> value{0};
  int first = 0, second = 0;
  const auto call = [&](int& did) {
    did = o.call(set, value) ? 1 : 0;
    require(value.read() == 1, "ONCE-SINGLE, ONCE-HB");
  };
  together([&] { call(first); }, [&] { call(second); });
  require(first + second == 1 && o.is_done());
}

PAWL_MODEL("blocking.once.three", "one of three calls does it",
           bounds{.threads = 4, .note = "3 threads call"}) {
  once o;
  pawl::cell<int> value{0};
  const auto call = [&] {
    o.call(set, value);
    require(value.read() == 1, "ONCE-SINGLE, ONCE-HB");
  };
  together(call, call, call);
}

PAWL_MODEL("blocking.once.retry", "after an attempt that threw, the next one counts",
           bounds{.threads = 4, .note = "1 thread's attempt throws, 2 threads call"}) {
  once o;
  pawl::cell<int> value{0};
  const auto call = [&] {
    o.call(set, value);
    require(value.read() == 1, "ONCE-RETRY");
  };
  together(
      [&] {
        try {
          o.call([] { throw failed_attempt(); });
        } catch (const failed_attempt&) {}
      },
      call, call);
}

PAWL_MODEL("blocking.once.retry_one", "so it is for one that waits",
           bounds{.threads = 3, .note = "1 thread's attempt throws, 1 calls"}) {
  once o;
  pawl::cell<int> value{0};
  together(
      [&] {
        try {
          o.call([] { throw failed_attempt(); });
        } catch (const failed_attempt&) {}
      },
      [&] { o.call(set, value); });
  require(value.read() <= 1);
}

PAWL_MODEL("blocking.once.left_behind", "an attempt sees what those before it left behind",
           bounds{.threads = 4, .note = "3 threads call, the first attempt throws"}) {
  once o;
  pawl::cell<int> attempts{0};
  const auto call = [&] {
    try {
      o.call([&] {
        set(attempts);
        if (attempts.read() == 1) throw failed_attempt();
      });
    } catch (const failed_attempt&) {}
  };
  together(call, call, call);
  require(o.is_done() && attempts.read() == 2, "ONCE-RETRY");
}

PAWL_MODEL("blocking.once.wait", "all who wait for it are told",
           bounds{.threads = 4, .note = "1 thread calls, 2 wait"}) {
  once o;
  pawl::cell<int> value{0};
  const auto wait = [&] {
    o.wait();
    require(value.read() == 1, "ONCE-HB");
  };
  together([&] { o.call(set, value); }, wait, wait);
}

PAWL_MODEL("blocking.once.give_up", "who gave up knows whether it is done",
           bounds{.threads = 4,
                  .note = "1 thread calls, 1 waits to be stopped, 1 with a deadline"}) {
  once o;
  pawl::cell<int> value{0};
  pawl::stop_source stop;
  const auto check = [&](bool is_done) {
    if (is_done) require(value.read() == 1, "ONCE-HB");
  };
  together([&] { o.call(set, value); },
           [&] {
             check(o.wait(stop.get_token()));
             check(o.wait_for(1ms));
           },
           [&] { stop.request_stop(); });
  require(o.is_done());
}

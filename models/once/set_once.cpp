// ONCE-SET: one call sets it; ONCE-HB, and nobody waits in vain. Progress: to set it and to look
// return within a bounded number of own steps (with `--stall`, whoever else is stopped for ever).

#include <chrono>
#include <utility>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;
using pawl::check::must_return;

namespace {

// A value that counts its end, wherever it was moved to.
class counted {
 public:
  explicit counted(pawl::atomic<unsigned>& destroyed) : destroyed_(&destroyed) {}
  counted(counted&& other) noexcept : destroyed_(std::exchange(other.destroyed_, nullptr)) {}
  counted& operator=(counted&& other) noexcept {
    std::swap(destroyed_, other.destroyed_);
    return *this;
  }
  ~counted() {
    if (destroyed_ != nullptr) destroyed_->fetch_add(1, pawl::memory_order_relaxed);
  }

 private:
  pawl::atomic<unsigned>* destroyed_;
};

call wait_in_time(set_once& s) {
  const auto given = co_await s.wait_for(1s);
  co_return read(given);
}

call wait_and_destroy(std::unique_ptr<set_once>& s) {
  const auto given = co_await s->wait();
  const auto n = read(given);
  s.reset();
  co_return n;
}

// Waits, and when it is given the value, uses the object in every way.
call wait_and_set(in_waker, set_once& s, std::optional<call>& other) {
  const auto given = co_await s.wait();
  other.reset();
  require(!s.set(number(7)));
  const auto again = co_await s.wait();
  require(given && again && *given == *again);
  co_return read(again);
}

}  // namespace

PAWL_MODEL("set_once.set", "of two setters one succeeds, and its value stays",
           bounds{.threads = 3, .note = "2 threads set; both look"}) {
  set_once s;
  bool first = false, second = false;
  const auto set = [&](count_t n, bool& is_mine) {
    is_mine = s.set(number(n)).has_value();
    if (const number* const there = s.get()) require(!is_mine || there->read() == n);
  };
  together([&] { set(1, first); }, [&] { set(2, second); });
  require(first != second && s.get()->read() == (first ? 1u : 2u));
}

PAWL_MODEL("set_once.drop", "what was refused is destroyed once, and what is kept, with it",
           bounds{.threads = 3, .note = "2 threads set"}) {
  pawl::atomic<unsigned> destroyed{0};
  {
    pawl::set_once<counted> s;
    bool first = false, second = false;
    together([&] { first = s.set(counted(destroyed)).has_value(); },
             [&] { second = s.set(counted(destroyed)).has_value(); });
    require(first != second);
    require(destroyed.load(pawl::memory_order_relaxed) == 1);
  }
  require(destroyed.load(pawl::memory_order_relaxed) == 2);
}

PAWL_MODEL("set_once.wait", "who waits is given it, before, during or after",
           bounds{.threads = 6, .note = "a call before, a thread meanwhile; set"}) {
  set_once s;
  const call a = wait(s);
  together([&] { require(s.set(number(2)).has_value()); },
           [&] { require(read(s.wait_blocking()) == 2u); });
  require(a.count() == 2);
}

PAWL_MODEL("set_once.look", "who sees it sees what it was made of",
           bounds{.threads = 3, .note = "set; a look"}) {
  set_once s;
  together([&] { (void)s.emplace(3u); },
           [&] {
             if (const number* const there = s.get()) require(there->read() == 3);
           });
  require(s.is_set() && !s.has_waiters());
}

PAWL_MODEL("set_once.threw", "an attempt that throws leaves it as it was, for the next",
           bounds{.threads = 3, .note = "an attempt that throws; another one; a wait"}) {
  struct picky {
    explicit picky(count_t n) : n_(n) {
      if (n == 0) throw std::invalid_argument("0");
    }
    pawl::cell<count_t> n_;
  };
  pawl::set_once<picky> s;
  bool is_set = false;
  together(
      [&] {
        try {
          (void)s.emplace(0u);
        } catch (const std::invalid_argument&) {}
      },
      [&] { is_set = s.emplace(1u) != nullptr; });
  if (!is_set) require(s.emplace(1u) != nullptr);
  require(s.get()->n_.read() == 1);
}

PAWL_MODEL("set_once.left_behind", "an attempt sees what the one that threw left behind",
           bounds{.threads = 3, .note = "2 attempts, the first throws; another one"}) {
  struct second {
    explicit second(pawl::cell<unsigned>& attempts) : number(attempts.read() + 1) {
      attempts.write(number);
      if (number == 1) throw std::invalid_argument("the first");
    }
    unsigned number;
  };
  pawl::set_once<second> s;
  pawl::cell<unsigned> attempts{0};
  const auto attempt = [&] {
    try {
      (void)s.emplace(attempts);
    } catch (const std::invalid_argument&) {}
  };
  together(attempt, attempt);
  if (!s.is_set()) attempt();
  require(s.get()->number == 2);
}

PAWL_MODEL("set_once.progress.set", "set() and a look return though others are stuck",
           bounds{.threads = 4, .note = "a call; 2 threads set, one of them looks first"}) {
  set_once s;
  const call a = wait(s);
  together(
      [&] {
        const must_return section("set()", 60);
        (void)s.set(number(1));
      },
      [&] {
        const must_return section("get() and emplace()", 60);
        (void)s.get();
        (void)s.emplace(2u);
      });
  require(a.count() == s.get()->read());
}

PAWL_MODEL("set_once.cancel", "a stop that meets the value: one of them",
           bounds{.threads = 5, .note = "2 calls, one is cancelled; set"}) {
  set_once s;
  pawl::stop_source stop;
  const call a = wait(s, stop.get_token());
  const call b = wait(s);
  together([&] { (void)s.emplace(1u); }, [&] { stop.request_stop(); });
  require((a.granted() || a.failed_with(errc::cancelled)) && b.count() == 1);
  require(!s.has_waiters());
}

PAWL_MODEL("set_once.deadline", "so it is for a deadline",
           bounds{.threads = 4, .note = "a call with a deadline; set"}) {
  set_once s;
  const call a = wait_in_time(s);
  together([&] { (void)s.emplace(1u); });
  require(a.granted() || a.failed_with(errc::timed_out));
}

PAWL_MODEL("set_once.deadline_of_thread", "so it is for a thread",
           bounds{.threads = 3, .note = "a thread waits with a deadline; set"}) {
  set_once s;
  together([&] { (void)s.emplace(1u); },
           [&] {
             const auto given = read(s.wait_blocking_for(1s));
             require(given == 1u || failed_with(given, errc::timed_out));
           });
}

PAWL_MODEL("set_once.destroyed", "a waiter is destroyed while it is set",
           bounds{.threads = 4, .note = "2 calls, one destroyed before; set"}) {
  set_once s;
  std::optional<call> a = wait(s);
  const call b = wait(s);
  a.reset();
  together([&] { (void)s.emplace(1u); });
  require(b.count() == 1);
}

PAWL_MODEL("set_once.destroy", "who is given it may destroy it",
           bounds{.threads = 3, .note = "a call that destroys; set"}) {
  auto s = std::make_unique<set_once>();
  const call a = wait_and_destroy(s);
  together([&] { (void)s->emplace(1u); });
  require(a.count() == 1);
}

PAWL_MODEL("set_once.reentry", "a wake-up that sets and waits again, and destroys the next",
           bounds{.threads = 4, .note = "3 calls, the first destroys the second; set; a look"}) {
  set_once s;
  std::optional<call> b;
  const call a = wait_and_set(in_waker(), s, b);
  b = wait(in_waker(), s);
  const call c = wait(s);
  together([&] { (void)s.emplace(1u); }, [&] { (void)s.get(); });
  require(a.count() == 1 && !b && c.count() == 1 && !s.has_waiters());
}

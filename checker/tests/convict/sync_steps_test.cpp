// Traces tell what threads do to locks and conditions in the words of the program.
#include <cppunit/extensions/HelperMacros.h>

#include <pawl/backend/backend.hpp>
#include <pawl/check/sync.hpp>

#include <shared_mutex>
#include <string>
#include <vector>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

using words = std::vector<std::string>;

// The steps of all threads but their starts and joins; the program fails at its end.
words steps_of(const std::function<void()>& program) {
  const report r = explore([&] {
    program();
    require(false);
  });
  CPPUNIT_ASSERT(r.error.has_value());
  words out;
  for (const step& s : r.error->steps) {
    if (s.operation == "spawn" || s.operation == "join") continue;
    std::string& text = out.emplace_back(s.operation + " " + s.object);
    if (!s.read.empty()) text += ": " + s.read;
    if (s.failed) text += ", fails";
    CPPUNIT_ASSERT(s.written.empty() && s.order.empty());
  }
  return out;
}

void expect(const words& expected, const std::function<void()>& program) {
  const words found = steps_of(program);
  std::string text;
  for (const std::string& s : found) text += s + "\n";
  CPPUNIT_ASSERT_MESSAGE(text, expected == found);
}

class sync_steps_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(sync_steps_test);
  CPPUNIT_TEST(of_mutexes);
  CPPUNIT_TEST(of_shared_mutexes);
  CPPUNIT_TEST(of_conditions);
  CPPUNIT_TEST(of_semaphores);
  CPPUNIT_TEST(of_calls);
  CPPUNIT_TEST(of_meetings);
  CPPUNIT_TEST_SUITE_END();

 public:
  void of_mutexes() {
    expect({"lock m", "try_lock m, fails", "unlock m", "try_lock m", "unlock m", "destroy m"}, [] {
      mutex m;
      name(&m, "m");
      m.lock();
      static_cast<void>(m.try_lock());
      m.unlock();
      if (m.try_lock()) m.unlock();
    });
    expect({"lock m", "try_lock m", "unlock m", "unlock m", "destroy m"}, [] {
      recursive_mutex m;
      name(&m, "m");
      m.lock();
      static_cast<void>(m.try_lock());
      m.unlock();
      m.unlock();
    });
  }

  void of_shared_mutexes() {
    expect({"lock_shared m", "try_lock m, fails", "unlock_shared m", "lock m",
            "try_lock_shared m, fails", "unlock m", "try_lock_shared m", "unlock_shared m",
            "destroy m"},
           [] {
             shared_mutex m;
             name(&m, "m");
             m.lock_shared();
             static_cast<void>(m.try_lock());
             m.unlock_shared();
             m.lock();
             static_cast<void>(m.try_lock_shared());
             m.unlock();
             if (m.try_lock_shared()) m.unlock_shared();
           });
  }

  void of_conditions() {
    expect({"notify changed: nobody", "lock m", "wait for changed", "unlock m", "choose : 1",
            "time out of changed", "lock m", "unlock m", "destroy changed", "destroy m"},
           [] {
             mutex m;
             condition_variable changed;
             name(&m, "m");
             name(&changed, "changed");
             changed.notify_one();
             std::unique_lock lock(m);
             assume(changed.wait_for(lock, std::chrono::seconds(1)) == std::cv_status::timeout);
           });
  }

  void of_semaphores() {
    expect({"release 2 of s: 2 left", "acquire s: 1 left", "try_acquire s: 0 left",
            "try_acquire s: 0 left, fails"},
           [] {
             counting_semaphore<4> s(0);
             name(&s, "s");
             s.release(2);
             s.acquire();
             static_cast<void>(s.try_acquire());
             static_cast<void>(s.try_acquire());
           });
  }

  void of_calls() {
    expect({"begin the call of once", "end the call of once", "call once: was called"}, [] {
      once_flag once;
      name(&once, "once");
      call_once(once, [] {});
      call_once(once, [] {});
    });
  }

  void of_meetings() {
    expect({"count_down l: by 2", "wait for l", "arrive at b: phase 0", "wait at b: phase 0",
            "arrive at b: phase 1", "wait at b: phase 1"},
           [] {
             latch l(2);
             barrier b(1);
             name(&l, "l");
             name(&b, "b");
             l.arrive_and_wait(2);
             b.arrive_and_wait();
             b.arrive_and_wait();
           });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(sync_steps_test);

}  // namespace
}  // namespace pawl::check::tests

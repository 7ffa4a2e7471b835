// Data races on plain data: every way to be unordered, beside every way to be ordered.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto race = failure_kind::data_race;

class data_race_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(data_race_test);
  CPPUNIT_TEST(write_and_write);
  CPPUNIT_TEST(read_and_write);
  CPPUNIT_TEST(reads_only);
  CPPUNIT_TEST(write_after_many_reads);
  CPPUNIT_TEST(start_and_join);
  CPPUNIT_TEST(message_passing);
  CPPUNIT_TEST(fences);
  CPPUNIT_TEST(release_sequence);
  CPPUNIT_TEST(lock);
  CPPUNIT_TEST(relaxed_unlock);
  CPPUNIT_TEST(destruction);
  CPPUNIT_TEST(replay_of_a_later_thread);
  CPPUNIT_TEST(replay_of_a_thread_to_come);
  CPPUNIT_TEST_SUITE_END();

  // One thread writes and then stores to a flag; the other sees the flag and reads.
  template <class Publish, class IsPublished>
  static void hand_over(Publish publish, IsPublished is_published) {
    cell<int> data{0};
    atomic<int> flag{0};
    name(data.address(), "data");
    thread writer([&] {
      data.write(1);
      publish(flag);
    });
    if (is_published(flag)) require(data.read() == 1, "what was written is read");
    writer.join();
  }

 public:
  void write_and_write() {
    convict_always(race, "writes", [] {
      cell<int> data{0};
      thread a([&] { data.write(1); }), b([&] { data.write(2); });
      a.join();
      b.join();
    });
  }

  void read_and_write() {
    convict_always(race, "data", [] {
      cell<int> data{0};
      name(data.address(), "data");
      thread a([&] { data.write(1); });
      (void)data.read();
      a.join();
    });
  }

  void reads_only() {
    acquit_always([] {
      cell<int> data{7};
      const auto read = [&] { require(data.read() == 7); };
      thread a(read), b(read);
      read();
      a.join();
      b.join();
    });
  }

  // The write is ordered after the latest read, and not after an earlier one.
  void write_after_many_reads() {
    const auto program = [](bool waits_for_both) {
      cell<int> data{0};
      atomic<int> first{0}, second{0};
      const auto read = [&](atomic<int>& done) {
        (void)data.read();
        done.store(1, memory_order_release);
      };
      thread a([&] { read(first); }), b([&] { read(second); });
      const auto is_set = [](int v) { return v == 1; };
      if (waits_for_both) spin_until(first, is_set, memory_order_acquire);
      spin_until(second, is_set, memory_order_acquire);
      data.write(1);
      a.join();
      b.join();
    };
    convict_always(race, "reads", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void start_and_join() {
    acquit_always([] {
      cell<int> data{1};
      thread a([&] { data.write(data.read() + 1); });
      a.join();
      require(data.read() == 2);
    });
  }

  void message_passing() {
    const auto program = [](memory_order store, memory_order load) {
      hand_over([=](atomic<int>& flag) { flag.store(1, store); },
                [=](atomic<int>& flag) { return flag.load(load) == 1; });
    };
    convict_always(race, "data", [=] { program(memory_order_relaxed, memory_order_acquire); });
    convict_always(race, "data", [=] { program(memory_order_release, memory_order_relaxed); });
    acquit_always([=] { program(memory_order_release, memory_order_acquire); });
    acquit_always([=] { program(memory_order_seq_cst, memory_order_seq_cst); });
  }

  void fences() {
    const auto program = [](bool has_release, bool has_acquire) {
      hand_over(
          [=](atomic<int>& flag) {
            if (has_release) atomic_thread_fence(memory_order_release);
            flag.store(1, memory_order_relaxed);
          },
          [=](atomic<int>& flag) {
            const bool seen = flag.load(memory_order_relaxed) == 1;
            if (has_acquire) atomic_thread_fence(memory_order_acquire);
            return seen;
          });
    };
    convict_always(race, "data", [=] { program(false, true); });
    convict_always(race, "data", [=] { program(true, false); });
    acquit_always([=] { program(true, true); });
  }

  // Since C++20 a later plain store of the same thread ends a release sequence; a read-modify-write
  // of any thread continues it.
  void release_sequence() {
    const auto is_two = [](atomic<int>& flag) { return flag.load(memory_order_acquire) == 2; };
    convict(race, "data", [=] {
      hand_over(
          [](atomic<int>& flag) {
            flag.store(1, memory_order_release);
            flag.store(2, memory_order_relaxed);
          },
          is_two);
    });
    acquit_always([=] {
      hand_over(
          [](atomic<int>& flag) {
            flag.store(1, memory_order_release);
            flag.fetch_add(1, memory_order_relaxed);
          },
          is_two);
    });
  }

  static void locked_increments(memory_order unlock) {
    cell<int> data{0};
    atomic<bool> held{false};
    const auto increment = [&] {
      spin_update(held, [](bool h) { return !h; }, [](bool) { return true; }, memory_order_acquire);
      data.write(data.read() + 1);
      held.store(false, unlock);
    };
    thread a(increment), b(increment);
    a.join();
    b.join();
    require(data.read() == 2);
  }

  void lock() {
    acquit_always([] { locked_increments(memory_order_release); });
  }

  void relaxed_unlock() {
    convict_always(race, "race", [] { locked_increments(memory_order_relaxed); });
  }

  // The end of a lifetime is a write.
  void destruction() {
    const auto program = [](bool joins_first) {
      auto data = std::make_unique<cell<int>>(1);
      thread a([at = data.get()] { (void)at->read(); });
      if (joins_first) a.join();
      data.reset();
      if (!joins_first) a.join();
    };
    acquit_always([=] { program(true); });
    const report r = explore([=] { program(false); });
    CPPUNIT_ASSERT(r.error.has_value());
    CPPUNIT_ASSERT(r.error->kind == race || r.error->kind == failure_kind::use_after_free);
  }

  // After a revisit main reads anew, while a higher-numbered thread must be replayed first.
  void replay_of_a_later_thread() {
    acquit_always([] {
      cell<int> data{0};
      atomic<int> ready{0}, go{0}, revisited{0};
      thread writer([&] {
        data.write(42);
        ready.store(1, memory_order_release);
      });
      thread other([&] {
        go.store(1, memory_order_relaxed);
        revisited.store(1, memory_order_relaxed);
      });
      spin_until(go, [](int v) { return v == 1; }, memory_order_relaxed);
      (void)revisited.load(memory_order_relaxed);
      if (ready.load(memory_order_acquire) == 1) require(data.read() == 42);
      writer.join();
      other.join();
    });
  }

  // A replayed load reads from a thread that this run has not started yet.
  void replay_of_a_thread_to_come() {
    acquit_always([] {
      cell<int> data{0};
      atomic<int> ready{0}, go{0};
      thread reader([&] {
        go.store(1, memory_order_relaxed);
        if (ready.load(memory_order_acquire) == 1) require(data.read() == 42);
      });
      spin_until(go, [](int v) { return v == 1; }, memory_order_relaxed);
      thread writer([&] {
        data.write(42);
        ready.store(1, memory_order_release);
      });
      reader.join();
      writer.join();
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(data_race_test);

}  // namespace
}  // namespace pawl::check::tests

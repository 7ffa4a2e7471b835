// The heap and the lifetimes of objects.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>

#include <memory>
#include <new>
#include <optional>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

// A pointer of which the compiler knows nothing: it would see through what is wrong on purpose.
template <class T>
T* opaque(T* p) {
  asm volatile("" : "+r"(p));
  return p;
}

class memory_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(memory_test);
  CPPUNIT_TEST(leak);
  CPPUNIT_TEST(leak_of_one_interleaving);
  CPPUNIT_TEST(leak_of_a_thread);
  CPPUNIT_TEST(leaks_tolerated);
  CPPUNIT_TEST(double_free);
  CPPUNIT_TEST(double_free_of_one_interleaving);
  CPPUNIT_TEST(invalid_free_of_an_interior_pointer);
  CPPUNIT_TEST(invalid_free_of_the_stack);
  CPPUNIT_TEST(use_after_free_of_a_cell);
  CPPUNIT_TEST(use_after_free_of_an_atomic);
  CPPUNIT_TEST(use_after_free_by_another_thread);
  CPPUNIT_TEST(use_after_hand_over);
  CPPUNIT_TEST(use_after_destruction);
  CPPUNIT_TEST(destruction_during_access);
  CPPUNIT_TEST(relaxed_reference_count);
  CPPUNIT_TEST(use_before_construction);
  CPPUNIT_TEST(address_is_never_reused);
  CPPUNIT_TEST_SUITE_END();

  // Two owners of one object, which the last one destroys. `leave` says whether that is the caller.
  template <class Leave>
  static void two_owners(Leave leave) {
    struct counted {
      atomic<int> owners{2};
      cell<int> data{0};
    };
    auto* const shared = new counted;
    const auto use = [=] {
      if (leave(shared->owners)) delete shared;
    };
    thread a(use), b(use);
    a.join();
    b.join();
  }

 public:
  void leak() {
    convict_always(failure_kind::leak, "4 bytes", [] { opaque(::operator new(4)); });
    acquit_always([] { ::operator delete(::operator new(4)); });
  }

  void leak_of_one_interleaving() {
    // Both read 2 and write 1, so nobody is the last.
    convict_always(failure_kind::leak, "still allocated", [] {
      two_owners([](atomic<int>& owners) {
        const int rest = owners.load(memory_order_acquire) - 1;
        owners.store(rest, memory_order_release);
        return rest == 0;
      });
    });
    acquit_always([] {
      two_owners(
          [](atomic<int>& owners) { return owners.fetch_sub(1, memory_order_acq_rel) == 1; });
    });
  }

  void leak_of_a_thread() {
    convict_always(failure_kind::leak, "8 bytes", [] {
      thread a([] { opaque(::operator new(8)); });
      a.join();
    });
    acquit_always([] {
      atomic<void*> from_a{nullptr};
      thread a([&] { from_a.store(::operator new(8), memory_order_release); });
      a.join();
      ::operator delete(from_a.load(memory_order_relaxed));
    });
  }

  void leaks_tolerated() {
    acquit([] { opaque(::operator new(4)); }, {.leaks = false});
  }

  void double_free() {
    convict_always(failure_kind::double_free, "freed already", [] {
      void* const p = ::operator new(4);
      void* const dangling = opaque(p);
      ::operator delete(p);
      ::operator delete(dangling);
    });
  }

  // Leaving, and asking whether one was the last, in two steps.
  void double_free_of_one_interleaving() {
    const auto program = [](bool in_two_steps) {
      atomic<int> owners{2};
      void* const shared = ::operator new(4);
      const auto leave = [&] {
        const int before = owners.fetch_sub(1, memory_order_acq_rel);
        const bool last = in_two_steps ? owners.load(memory_order_acquire) == 0 : before == 1;
        if (last) ::operator delete(shared);
      };
      thread a(leave), b(leave);
      a.join();
      b.join();
    };
    convict_always(failure_kind::double_free, "freed already", [=] { program(true); });
    acquit_always([=] { program(false); });
  }

  void invalid_free_of_an_interior_pointer() {
    convict_always(failure_kind::invalid_free, "not the start of an allocation", [] {
      auto* const p = static_cast<char*>(::operator new(64));
      ::operator delete(opaque(p + 16));
    });
  }

  void invalid_free_of_the_stack() {
    convict_always(failure_kind::invalid_free, "not the start of an allocation", [] {
      alignas(16) char local[64] = {};
      ::operator delete(opaque(local));
    });
  }

  void use_after_free_of_a_cell() {
    convict_always(failure_kind::use_after_free, "freed memory", [] {
      auto* const c = new cell<int>(1);
      auto* const dangling = opaque(c);
      delete c;
      (void)dangling->read();
    });
  }

  void use_after_free_of_an_atomic() {
    convict_always(failure_kind::use_after_free, "freed memory", [] {
      auto* const a = new atomic<int>(1);
      auto* const dangling = opaque(a);
      delete a;
      dangling->store(2, memory_order_relaxed);
    });
  }

  // Freed when the flag says so, which the reader sets before, or after, its last look.
  void use_after_free_by_another_thread() {
    const auto program = [](bool announces_too_early) {
      auto* const shared = new atomic<int>(1);
      atomic<bool> done{false};
      thread reader([&, shared] {
        if (announces_too_early) done.store(true, memory_order_release);
        (void)shared->load(memory_order_relaxed);
        done.store(true, memory_order_release);
      });
      spin_until(done, [](bool d) { return d; }, memory_order_acquire);
      delete shared;
      reader.join();
    };
    // Whether the look or the free comes first, in a failing execution, is the search's affair.
    const report r = explore([=] { program(true); });
    CPPUNIT_ASSERT(r.error.has_value());
    CPPUNIT_ASSERT(r.error->kind == failure_kind::use_after_free ||
                   r.error->kind == failure_kind::lifetime);
    acquit_always([=] { program(false); });
  }

  // Who hands over an object by its last store to it may not look at it again.
  void use_after_hand_over() {
    const auto program = [](bool looks_again) {
      struct handed {
        atomic<int> turn{0};
        cell<int> data{7};
      };
      auto* const shared = new handed;
      thread giver([=] {
        shared->turn.store(1, memory_order_release);
        if (looks_again) (void)shared->data.read();
      });
      spin_until(shared->turn, [](int t) { return t == 1; }, memory_order_acquire);
      delete shared;
      giver.join();
    };
    const report r = explore([=] { program(true); });
    CPPUNIT_ASSERT(r.error.has_value());
    CPPUNIT_ASSERT(!r.error->steps.empty());
    options again;
    again.replay = r.error->token;
    const report replayed = explore([=] { program(true); }, again);
    CPPUNIT_ASSERT(replayed.error.has_value());
    CPPUNIT_ASSERT_EQUAL(r.error->sentence, replayed.error->sentence);
    acquit_always([=] { program(false); });
  }

  void use_after_destruction() {
    const auto program = [](bool too_late) {
      std::optional<atomic<int>> a(std::in_place, 1);
      auto* const at = &*a;
      if (!too_late) (void)at->load(memory_order_relaxed);
      a.reset();
      if (too_late) (void)at->load(memory_order_relaxed);
    };
    convict_always(failure_kind::lifetime, "was destroyed", [=] { program(true); });
    acquit_always([=] { program(false); });
  }

  void destruction_during_access() {
    const auto program = [](bool joins_first) {
      std::optional<atomic<int>> shared(std::in_place, 0);
      atomic<bool> stored{false};
      thread a([&, at = &*shared] {
        at->store(1, memory_order_relaxed);
        stored.store(true, memory_order_relaxed);
      });
      // Seen, and yet not ordered: the flag is relaxed.
      spin_until(stored, [](bool s) { return s; }, memory_order_relaxed);
      if (joins_first) a.join();
      shared.reset();
      if (!joins_first) a.join();
    };
    convict_always(failure_kind::lifetime, "may still modify", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  // The last owner must have acquired what the others did, or it destroys under their hands.
  void relaxed_reference_count() {
    convict(failure_kind::lifetime, "may still", [] {
      two_owners(
          [](atomic<int>& owners) { return owners.fetch_sub(1, memory_order_relaxed) == 1; });
    });
  }

  void use_before_construction() {
    const auto program = [](memory_order publish) {
      atomic<atomic<int>*> shared{nullptr};
      std::optional<atomic<int>> made;
      thread a([&] {
        made.emplace(7);
        shared.store(&*made, publish);
      });
      if (auto* const at = shared.load(memory_order_acquire)) {
        require(at->load(memory_order_relaxed) == 7, "it is constructed");
      }
      a.join();
    };
    convict(failure_kind::lifetime, "construction", [=] { program(memory_order_relaxed); });
    acquit_always([=] { program(memory_order_release); });
  }

  void address_is_never_reused() {
    acquit_always([] {
      void* const first = ::operator new(16);
      ::operator delete(first);
      void* const second = ::operator new(16);
      require(first != second, "a dangling pointer points to nothing new");
      ::operator delete(second);
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(memory_test);

}  // namespace
}  // namespace pawl::check::tests

// A sequence lock: readers of a position take no lock, they try again if a writer was there.
//
// The bug: the writer publishes the even number with a relaxed store. A reader that sees it may
// then see one old coordinate and one new one, and both its looks at the number agree.
//
//   pawl check seqlock.cpp
//   pawl check seqlock.cpp -- -DRELAXED_PUBLISH
#include <atomic>
#include <cassert>
#include <thread>

#ifdef RELAXED_PUBLISH
constexpr auto publish_order = std::memory_order_relaxed;
#else
constexpr auto publish_order = std::memory_order_release;
#endif

struct Position {
  int x;
  int y;
};

class SharedPosition {
 public:
  // One writer at a time; there is only one in this program.
  void store(Position position) {
    const unsigned sequence = sequence_.load(std::memory_order_relaxed);
    sequence_.store(sequence + 1, std::memory_order_relaxed);
    // The odd number must be visible to whoever sees one of the coordinates.
    std::atomic_thread_fence(std::memory_order_release);
    x_.store(position.x, std::memory_order_relaxed);
    y_.store(position.y, std::memory_order_relaxed);
    sequence_.store(sequence + 2, publish_order);
  }

  Position load() const {
    for (;;) {
      const unsigned before = sequence_.load(std::memory_order_acquire);
      const Position position{x_.load(std::memory_order_relaxed),
                              y_.load(std::memory_order_relaxed)};
      // Keeps the second look at the number behind the loads of the coordinates.
      std::atomic_thread_fence(std::memory_order_acquire);
      const unsigned after = sequence_.load(std::memory_order_relaxed);
      if (before == after && before % 2 == 0) return position;
    }
  }

 private:
  std::atomic<unsigned> sequence_{0};
  // Atomic, since a reader may look at them while the writer changes them.
  std::atomic<int> x_{0};
  std::atomic<int> y_{0};
};

static SharedPosition ship;

static void sail() {
  ship.store({1, 1});
  ship.store({2, 2});
}

static void watch() {
  const Position position = ship.load();
  assert(position.x == position.y);
}

int main() {
  std::thread writer(sail);
  std::thread reader(watch);
  writer.join();
  reader.join();
}

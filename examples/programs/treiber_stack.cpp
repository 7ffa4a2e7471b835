// A pool of buffers whose free ones form a Treiber stack of indices.
//
// The bug: the head is an index without a counter. A thread that is about to pop buffer 0 is
// overtaken by one that takes buffers 0 and 1 and gives 0 back: the compare-exchange finds the 0
// that it expects (ABA) and makes 1 the head, which is in use. Two threads end up with one buffer.
//
//   pawl check treiber_stack.cpp
//   pawl check treiber_stack.cpp -- -DUNTAGGED
#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>

constexpr std::uint32_t nothing = 0xffff;
constexpr std::uint32_t buffer_count = 2;

class Pool {
 public:
  std::uint32_t take() {
    std::uint32_t head = head_.load(std::memory_order_acquire);
    while (index(head) != nothing) {
      const std::uint32_t next = next_[index(head)].load(std::memory_order_relaxed);
      if (head_.compare_exchange_strong(head, successor(head, next), std::memory_order_acquire,
                                        std::memory_order_acquire)) {
        return index(head);
      }
    }
    return nothing;
  }

  void give_back(std::uint32_t buffer) {
    std::uint32_t head = head_.load(std::memory_order_relaxed);
    do {
      next_[buffer].store(index(head), std::memory_order_relaxed);
    } while (!head_.compare_exchange_strong(head, successor(head, buffer),
                                            std::memory_order_release, std::memory_order_relaxed));
  }

 private:
  static std::uint32_t index(std::uint32_t head) { return head & 0xffff; }

  // The upper half counts changes, so that a head that comes back is not the same.
  static std::uint32_t successor(std::uint32_t head, std::uint32_t index) {
#ifdef UNTAGGED
    (void)head;
    return index;
#else
    return (((head >> 16) + 1) << 16) | index;
#endif
  }

  std::atomic<std::uint32_t> head_{0};
  std::atomic<std::uint32_t> next_[buffer_count] = {1, nothing};
};

static Pool pool;
static std::atomic<int> users[buffer_count];

static std::uint32_t take() {
  const std::uint32_t buffer = pool.take();
  if (buffer != nothing) {
    const int others = users[buffer].fetch_add(1, std::memory_order_relaxed);
    assert(others == 0 && "a buffer has two users");
  }
  return buffer;
}

static void give_back(std::uint32_t buffer) {
  users[buffer].fetch_sub(1, std::memory_order_relaxed);
  pool.give_back(buffer);
}

int main() {
  std::thread one([] {
    take();
    take();
  });
  std::thread other([] {
    const std::uint32_t first = take();
    take();
    if (first != nothing) give_back(first);
  });
  one.join();
  other.join();
}

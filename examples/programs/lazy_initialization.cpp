// Double-checked initialization: the table is made by whoever needs it first, and the mutex is
// only taken until it is there.
//
// The bug: the pointer is published with a relaxed store. Whoever sees it without having taken
// the mutex may read a table that is not filled yet.
//
//   pawl check lazy_initialization.cpp
//   pawl check lazy_initialization.cpp -- -DRELAXED_PUBLISH
#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>

#ifdef RELAXED_PUBLISH
constexpr auto publish_order = std::memory_order_relaxed;
#else
constexpr auto publish_order = std::memory_order_release;
#endif

class Squares {
 public:
  static const Squares& instance() {
    const Squares* squares = published_.load(std::memory_order_acquire);
    if (squares == nullptr) {
      const std::lock_guard<std::mutex> lock(mutex_);
      // Somebody may have made it while this thread waited.
      squares = published_.load(std::memory_order_relaxed);
      if (squares == nullptr) {
        owner_.reset(new Squares);
        squares = owner_.get();
        published_.store(squares, publish_order);
      }
    }
    return *squares;
  }

  int of(int i) const { return values_[static_cast<std::size_t>(i)]; }

 private:
  Squares() {
    for (int i = 0; i < 4; ++i) values_[static_cast<std::size_t>(i)] = i * i;
  }

  std::array<int, 4> values_;

  static std::atomic<const Squares*> published_;
  static std::unique_ptr<const Squares> owner_;
  static std::mutex mutex_;
};

std::atomic<const Squares*> Squares::published_{nullptr};
std::unique_ptr<const Squares> Squares::owner_;
std::mutex Squares::mutex_;

static void use() { assert(Squares::instance().of(3) == 9); }

int main() {
  std::thread one(use);
  std::thread two(use);
  std::thread three(use);
  one.join();
  two.join();
  three.join();
}

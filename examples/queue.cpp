// A bounded queue, as one would write it with std. Producers and consumers wait for the same
// condition variable: a notification may then reach a thread that it is of no use to, and the one
// that it was meant for waits for ever. notify_all, or a condition variable for each, is right.
#include <pawl/backend/backend.hpp>
#include <pawl/check.hpp>
#include <pawl/check/sync.hpp>

#include <mutex>

namespace {

class bounded_queue {
 public:
  bounded_queue() {
    pawl::check::name(&mutex_, "mutex");
    pawl::check::name(&changed_, "changed");
  }

  void push() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return size_.read() < capacity; });
    size_.write(size_.read() + 1);
    changed_.notify_one();
  }
  void pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return size_.read() > 0; });
    size_.write(size_.read() - 1);
    changed_.notify_one();
  }

 private:
  static constexpr int capacity = 1;

  pawl::check::mutex mutex_;
  pawl::check::condition_variable changed_;
  pawl::cell<int> size_{0};
};

}  // namespace

PAWL_MODEL("queue.one_condition", "what is pushed is popped", pawl::check::bounds{.threads = 4}) {
  bounded_queue queue;
  pawl::thread producer([&] {
    queue.push();
    queue.push();
  });
  pawl::thread first([&] { queue.pop(); });
  pawl::thread second([&] { queue.pop(); });
  producer.join();
  first.join();
  second.join();
}

// A bug to catch: two threads that pop may get the same item. What a queue is, a sequential class
// says; no assertion has to.
#include <pawl/backend/backend.hpp>
#include <pawl/check.hpp>
#include <pawl/check/linearizable.hpp>

#include <deque>
#include <optional>

namespace {

struct queue_spec {
  std::deque<int> items;

  void push(int item) { items.push_back(item); }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const int item = items.front();
    items.pop_front();
    return item;
  }
  bool operator==(const queue_spec&) const = default;
};

// For one producer and, as it turns out, one consumer.
class ring {
 public:
  ring() {
    pawl::check::name(&first_, "first");
    pawl::check::name(&last_, "last");
    pawl::check::name(&items_[0], "item");
  }
  void push(int item) {
    const unsigned at = last_.load(pawl::memory_order_relaxed);
    items_[at].store(item, pawl::memory_order_relaxed);
    last_.store(at + 1, pawl::memory_order_release);
  }
  std::optional<int> pop() {
    const unsigned at = first_.load(pawl::memory_order_relaxed);
    if (at == last_.load(pawl::memory_order_acquire)) return std::nullopt;
    const int item = items_[at].load(pawl::memory_order_relaxed);
    first_.store(at + 1, pawl::memory_order_relaxed);  // though another pop may have read `at`, too
    return item;
  }

 private:
  pawl::atomic<int> items_[4]{};
  pawl::atomic<unsigned> first_{0}, last_{0};
};

}  // namespace

PAWL_MODEL("ring.linearizable", "a ring is a queue", pawl::check::bounds{.threads = 2}) {
  pawl::check::linearizable<queue_spec> history;
  ring queue;
  const auto pop = [&] { history.call<&queue_spec::pop>([&] { return queue.pop(); }); };

  history.call<&queue_spec::push>([&](int item) { queue.push(item); }, 7);
  pawl::thread consumer(pop);
  pop();
  consumer.join();
}

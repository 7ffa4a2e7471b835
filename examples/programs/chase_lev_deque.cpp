// The deque of Chase and Lev: its owner pushes and pops at the bottom, thieves take from the top.
//
// The bug: an acquire-release fence where the owner, having lowered the bottom, reads the top. Only
// a sequentially consistent one keeps owner and thief from both taking the last task.
//
//   pawl check chase_lev_deque.cpp
//   pawl check chase_lev_deque.cpp -- -DWEAK_FENCE
#include <atomic>
#include <cassert>
#include <optional>
#include <thread>

#ifdef WEAK_FENCE
constexpr auto pop_fence = std::memory_order_acq_rel;
#else
constexpr auto pop_fence = std::memory_order_seq_cst;
#endif

class Deque {
 public:
  void push(int task) {
    const int bottom = bottom_.load(std::memory_order_relaxed);
    tasks_[bottom % capacity].store(task, std::memory_order_relaxed);
    // A fence, not a release store: a thief may also find the task by what pop() stores later.
    std::atomic_thread_fence(std::memory_order_release);
    bottom_.store(bottom + 1, std::memory_order_relaxed);
  }

  std::optional<int> pop() {
    const int bottom = bottom_.load(std::memory_order_relaxed) - 1;
    bottom_.store(bottom, std::memory_order_relaxed);
    std::atomic_thread_fence(pop_fence);
    int top = top_.load(std::memory_order_relaxed);
    if (top > bottom) {
      bottom_.store(bottom + 1, std::memory_order_relaxed);
      return {};
    }
    std::optional<int> task = tasks_[bottom % capacity].load(std::memory_order_relaxed);
    if (top == bottom) {
      // The last one: whoever raises the top has it.
      if (!top_.compare_exchange_strong(top, top + 1, std::memory_order_seq_cst,
                                        std::memory_order_relaxed)) {
        task.reset();
      }
      bottom_.store(bottom + 1, std::memory_order_relaxed);
    }
    return task;
  }

  std::optional<int> steal() {
    int top = top_.load(std::memory_order_acquire);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const int bottom = bottom_.load(std::memory_order_acquire);
    if (top >= bottom) return {};
    const int task = tasks_[top % capacity].load(std::memory_order_relaxed);
    if (!top_.compare_exchange_strong(top, top + 1, std::memory_order_seq_cst,
                                      std::memory_order_relaxed)) {
      return {};
    }
    return task;
  }

 private:
  static constexpr int capacity = 4;
  std::atomic<int> top_{0};
  std::atomic<int> bottom_{0};
  std::atomic<int> tasks_[capacity]{};
};

static Deque deque;
static std::atomic<int> runs[3];  // By task; there is no task 0, which is what an empty slot holds.

static void run(std::optional<int> task) {
  if (!task) return;
  assert(*task != 0 && "took an empty slot");
  const int earlier_runs = runs[*task].fetch_add(1, std::memory_order_relaxed);
  assert(earlier_runs == 0 && "a task ran twice");
}

int main() {
  std::thread thief([] {
    run(deque.steal());
    run(deque.steal());
  });
  deque.push(1);
  deque.push(2);
  run(deque.pop());
  run(deque.pop());
  thief.join();
}

// Sequential objects, for histories to be compared with.
#pragma once

#include <pawl/check/linearizable.hpp>

#include <deque>
#include <optional>
#include <vector>

namespace pawl::check::tests {

struct counter_spec {
  int value = 0;
  int next() { return value++; }
  void add() { ++value; }
  int read() const { return value; }
  bool operator==(const counter_spec&) const = default;
};

struct register_spec {
  int value = 0;
  void write(int v) { value = v; }
  int read() const { return value; }
  bool operator==(const register_spec&) const = default;
};

struct queue_spec {
  std::deque<int> items;
  void push(int v) { items.push_back(v); }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const int v = items.front();
    items.pop_front();
    return v;
  }
  bool operator==(const queue_spec&) const = default;
};

struct semaphore_spec {
  int permits = 0;
  blocking<> acquire() {
    if (permits == 0) return blocked;
    --permits;
    return {};
  }
  bool try_acquire() { return !acquire().is_blocked(); }
  void release(int n) { permits += n; }
  bool operator==(const semaphore_spec&) const = default;
};

// In the order of the requests.
struct lock_spec {
  bool held = false;
  std::vector<ticket> queue;

  void request(ticket t) { queue.push_back(t); }
  blocking<> lock(ticket t) {
    if (held || queue.front() != t) return blocked;
    queue.erase(queue.begin());
    held = true;
    return {};
  }
  void cancel(ticket t) { std::erase(queue, t); }
  void unlock() { held = false; }
  bool operator==(const lock_spec&) const = default;
};

// Everybody gets the same, in turn.
struct line_spec {
  std::deque<ticket> waiting;

  void request(ticket t) { waiting.push_back(t); }
  blocking<int> take(ticket t) {
    if (waiting.front() != t) return blocked;
    waiting.pop_front();
    return 7;
  }
  void cancel(ticket t) { std::erase(waiting, t); }
  int length() const { return static_cast<int>(waiting.size()); }
  bool operator==(const line_spec&) const = default;
};

}  // namespace pawl::check::tests

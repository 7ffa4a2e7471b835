#include <pawl/task/timer_heap.hpp>

#include <utility>

PAWL_BEGIN

namespace detail {

namespace {

unsigned rank_of(const timer_item* item) noexcept {
  return item == nullptr ? 0 : item->rank.read();
}

// Restores the invariant of ranks at one item whose children satisfy it.
// Returns: whether the item's rank changed.
bool settle(timer_item& item) noexcept {
  timer_item* const left = item.left.read();
  timer_item* const right = item.right.read();
  if (rank_of(left) < rank_of(right)) {
    item.left.write(right);
    item.right.write(left);
  }
  const unsigned rank = rank_of(item.right.read()) + 1;
  if (rank == item.rank.read()) return false;
  item.rank.write(rank);
  return true;
}

// Returns: the root of a heap of all items of two heaps (roots or null). Its parent is unspecified.
timer_item* merge(timer_item* a, timer_item* b) noexcept {
  if (a == nullptr) return b;
  if (b == nullptr) return a;
  if (b->deadline < a->deadline) std::swap(a, b);
  timer_item* const below = merge(a->right.read(), b);
  a->right.write(below);
  below->parent.write(a);
  settle(*a);
  return a;
}

}  // namespace

void timer_heap::insert(timer_item& item) noexcept {
  item.armed.write(true);
  item.rank.write(1);
  timer_item* const root = merge(root_.read(), &item);
  root->parent.write(nullptr);
  root_.write(root);
}

bool timer_heap::remove(timer_item& item) noexcept {
  if (!item.armed.read()) return false;
  item.armed.write(false);
  timer_item* parent = item.parent.read();
  timer_item* const rest = merge(item.left.read(), item.right.read());
  if (rest != nullptr) rest->parent.write(parent);
  if (parent == nullptr) {
    root_.write(rest);
    return true;
  }
  (parent->left.read() == &item ? parent->left : parent->right).write(rest);
  while (parent != nullptr && settle(*parent)) parent = parent->parent.read();
  return true;
}

timer_item* timer_heap::take_due(steady_clock::time_point now) noexcept {
  timer_item* const item = first();
  if (item == nullptr || item->deadline > now) return nullptr;
  remove(*item);
  return item;
}

}  // namespace detail

PAWL_END

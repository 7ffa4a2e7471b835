#include <pawl/sync/inline_queue.hpp>

PAWL_BEGIN

namespace detail {

namespace {

// One for each thread.
struct inline_queue {
  work_item* first = nullptr;
  work_item* last = nullptr;
  unsigned depth = 0;  // calls of run_put_off_inline on the stack
};

}  // namespace

void put_off_inline(work_item& item) noexcept {
  auto& queue = thread_slot<inline_queue>::get();
  item.next.write(nullptr);
  if (queue.last == nullptr) {
    queue.first = &item;
  } else {
    queue.last->next.write(&item);
  }
  queue.last = &item;
}

bool take_back_inline(work_item& item) noexcept {
  auto& queue = thread_slot<inline_queue>::get();
  work_item* before = nullptr;
  for (work_item* at = queue.first; at != nullptr; before = at, at = at->next.read()) {
    if (at != &item) continue;
    work_item* const next = at->next.read();
    if (before == nullptr) {
      queue.first = next;
    } else {
      before->next.write(next);
    }
    if (queue.last == at) queue.last = before;
    return true;
  }
  return false;
}

void run_put_off_inline(unsigned deepest) noexcept {
  auto& queue = thread_slot<inline_queue>::get();
  if (queue.first == nullptr || queue.depth >= deepest) return;
  ++queue.depth;
  while (work_item* const item = queue.first) {
    queue.first = item->next.read();
    if (queue.first == nullptr) queue.last = nullptr;
    (*item)();
  }
  --queue.depth;
}

}  // namespace detail

PAWL_END

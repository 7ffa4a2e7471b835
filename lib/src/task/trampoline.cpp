#include <pawl/task/trampoline.hpp>

PAWL_BEGIN

namespace {

// Per thread: how many inline resumptions are on the stack, and the queue of those put off.
struct inline_state {
  unsigned depth = 0;
  work_item* first = nullptr;
  work_item* last = nullptr;
};

void put_off(inline_state& state, work_item& item) noexcept {
  item.next.write(nullptr);
  if (state.last == nullptr) {
    state.first = &item;
  } else {
    state.last->next.write(&item);
  }
  state.last = &item;
}

work_item* take_put_off(inline_state& state) noexcept {
  work_item* const item = state.first;
  if (item == nullptr) return nullptr;
  state.first = item->next.read();
  if (state.first == nullptr) state.last = nullptr;
  return item;
}

void run_all_put_off(inline_state& state) noexcept {
  while (work_item* const item = take_put_off(state)) (*item)();
}

}  // namespace

void run_inline(work_item& item) noexcept {
  inline_state& state = thread_slot<inline_state>::get();
  if (state.depth == limits::inline_depth) {
    put_off(state, item);
    return;
  }
  ++state.depth;
  item();
  if (state.depth == 1) run_all_put_off(state);
  --state.depth;
}

void run_put_off() noexcept { run_all_put_off(thread_slot<inline_state>::get()); }

PAWL_END

#include <pawl/backend/fault.hpp>
#include <pawl/interop/drained_inbox.hpp>

PAWL_BEGIN

namespace detail {

bool drained_inbox::push(work_item& item) noexcept {
  const auto same = [](work_item* latest) { return latest; };
  const auto mine = [&item](work_item*) { return &item; };
  // [inbox.1] acq_rel: publishes the item, and sees that the drain before has begun; pairs with
  // [inbox.2].
  return pawl::push(latest_, item.next, same, mine, memory_order_acq_rel) == nullptr;
}

void drained_inbox::drain(scheduler& by) noexcept {
  // [inbox.2] acq_rel: sees the items, and lets the next drain be ordered; pairs with [inbox.1].
  const memory_order order = fault::order_unless(fault::weak_inbox, memory_order_acq_rel);
  work_item* latest = latest_.exchange(nullptr, order);
  work_item* first = nullptr;
  while (latest != nullptr) {
    work_item* const below = latest->next.read();
    latest->next.write(first);
    first = latest;
    latest = below;
  }
  const driving_scope driving(by);
  while (first != nullptr) {
    work_item& item = *first;
    first = item.next.read();
    item();
  }
}

}  // namespace detail

PAWL_END

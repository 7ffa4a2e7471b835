#include <pawl/sync/wake_list.hpp>

PAWL_BEGIN

void wake_list::add_decided(waiter& w, verdict v) noexcept {
  w.verdict_.write(v);
  w.next_.write(nullptr);
  if (last_ == nullptr) {
    first_ = &w;
  } else {
    last_->next_.write(&w);
  }
  last_ = &w;
  if (!w.lingers()) carrier_ = &w;
}

void wake_list::add_request(waiter& w, bool was_queued) noexcept {
  if (was_queued) {
    add_decided(w, w.reason_.read());
    return;
  }
  // It has a verdict, which stands (SEM-CANCEL), and may be on the list of another holder as
  // decided.
  if (fault::lost_permit_on_cancel) w.verdict_.write(w.reason_.read());
  w.below_request_.write(requests_ != nullptr ? inbox_entry::request(*requests_) : inbox_entry());
  requests_ = &w;
}

void wake_list::deliver_verdicts() noexcept {
  while (first_ != nullptr) {
    waiter& w = *first_;
    first_ = w.next_.read();
    const verdict v = w.verdict_.read();
    if (fault::dropped_wake && first_ == nullptr && v == verdict::granted) continue;
    deliver(w, is_by_request(v) ? waiter::delivered | waiter::withdrawn : waiter::delivered);
  }
  last_ = nullptr;
}

void wake_list::deliver_requests() noexcept {
  while (requests_ != nullptr) {
    waiter& w = *requests_;
    const inbox_entry next = w.below_request_.read();
    requests_ = next ? &next.subject() : nullptr;
    deliver(w, waiter::withdrawn);
  }
}

void wake_list::deliver(waiter& w, unsigned bits) noexcept {
  const bool is_through = &w == finished_ && (bits & waiter::withdrawn) != 0;
  const auto all = static_cast<waiter::party_bits>(is_through ? bits | waiter::finished : bits);
  if (w.join(all)) w();
}

PAWL_END

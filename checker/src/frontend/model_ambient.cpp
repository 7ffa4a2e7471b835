// The scheduler half of the model backend: tasks and deadlines as model threads.
#include <pawl/backend/ambient.hpp>
#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>
#include <pawl/task/trampoline.hpp>

#include <memory>
#include <new>

PAWL_BEGIN

namespace {

bool resumes_in_waker() { return ::pawl::check::resumes_in_waker(); }

void serve(detail::task_mailbox* mailbox) {
  const std::unique_ptr<detail::task_mailbox> owned(mailbox);
  for (unsigned n = 0; n < detail::task_mailbox::room; ++n) {
    work_item* const item = spin_until(
        mailbox->slots[n], [](work_item* i) { return i != nullptr; }, memory_order_acquire);
    (*item)();
    if (resumes_in_waker() || mailbox->ended.read()) return;
  }
  detail::rt::misuse("a task of a model is resumed more often than the model backend has room for",
                     source_location::current());
}

}  // namespace

ambient_scheduler::ambient_scheduler() : mailbox_(new detail::task_mailbox) {
  thread(serve, mailbox_).detach();
}

// Called by the task's end: on its own thread, unless wake-ups run in the waker.
ambient_scheduler::~ambient_scheduler() {
  if (!resumes_in_waker()) mailbox_->ended.write(true);
}

void ambient_scheduler::schedule(work_item& item) noexcept {
  if (resumes_in_waker() && started_.read()) {
    run_inline(item);
    return;
  }
  started_.write(true);
  const unsigned n = mailbox_->posted.fetch_add(1, memory_order_acq_rel);
  if (n < detail::task_mailbox::room) mailbox_->slots[n].store(&item, memory_order_release);
}

namespace {

// An armed deadline. It lives as long as the execution: try_disarm may come late.
struct deadline {
  enum : unsigned { armed, disarmed, expired };
  atomic<unsigned> state{armed};
  timer_item* item;
};

void keep(deadline* d) {
  const auto over = [](unsigned s) { return s != deadline::armed; };
  detail::rt::word seen = 0;
  const auto where = source_location::current();
  // Either it is disarmed in time, or the deadline passes.
  if (detail::rt::await_until(d->state.object(), detail::to_predicate<unsigned>(over),
                              memory_order_acquire, seen, where))
    return;
  if (d->state.exchange(deadline::expired, memory_order_acq_rel) != deadline::armed) return;
  detail::rt::advance(d->item->deadline.time_since_epoch());
  d->item->expired(*d->item);
}

class model_timers final : public timer_service {
 public:
  void arm(timer_item& item) noexcept override {
    auto* const d = new (detail::rt::scratch(sizeof(deadline))) deadline{.item = &item};
    item.parent.write(reinterpret_cast<timer_item*>(d));
    thread(keep, d).detach();
  }
  bool try_disarm(timer_item& item) noexcept override {
    auto* const d = reinterpret_cast<deadline*>(item.parent.read());
    return d->state.exchange(deadline::disarmed, memory_order_acq_rel) == deadline::armed;
  }
};

}  // namespace

timer_service& fallback_timers() noexcept {
  static constinit model_timers timers;
  return timers;
}

PAWL_END

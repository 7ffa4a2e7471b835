#pragma once
// A queue of two parts, each first in, first out.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/sync/waiter_queue.hpp>

#include <cstdint>

PAWL_BEGIN

// The rear part comes after all others, whenever they came; if nobody was ever put there, this is a
// waiter_queue. It takes no more room than that: the first waiter of all knows the first of the
// rear part, by the link that led through the inbox before.
class two_part_queue : public waiter_queue {
 public:
  constexpr two_part_queue() noexcept = default;

  // Returns: the first waiter of the rear part, null if there is none.
  [[nodiscard]] waiter* rear() const noexcept {
    const waiter* const first = front();
    if (first == nullptr) return nullptr;
    const inbox_entry known = first->below_arrival_.read();
    return known ? &known.subject() : nullptr;
  }

  // Effects: w becomes the first of all, or the last of all, or the last but the rear part, or the
  //   last of the rear part. Precondition, of push_back: there is no rear part.
  void push_front(waiter& w) noexcept {
    waiter* const rear_first = rear();
    waiter_queue::push_front(w);
    set_rear(rear_first);
  }
  void push_back(waiter& w) noexcept {
    waiter_queue::push_back(w);
    set_rear(nullptr);
  }
  void push_before_rear(waiter& w) noexcept {
    waiter* const rear_first = rear();
    if (rear_first == nullptr) return push_back(w);
    push_before(*rear_first, w);
    set_rear(rear_first);
  }
  void push_rear(waiter& w) noexcept {
    waiter* const rear_first = rear();
    waiter_queue::push_back(w);
    w.overtaken_.write(0);
    set_rear(rear_first != nullptr ? rear_first : &w);
  }

  // Precondition: w is queued.
  void remove(waiter& w) noexcept {
    waiter* rear_first = rear();
    if (rear_first == &w) {
      waiter* const next = w.next_.read();
      rear_first = next != front() ? next : nullptr;
    }
    waiter_queue::remove(w);
    if (front() != nullptr) set_rear(rear_first);
  }

  // Effects: the first of the rear part was overtaken once more, as far as can be counted.
  void note_overtaken() noexcept {
    if (waiter* const overtaken = rear()) {
      const std::uint8_t times = overtaken->overtaken_.read();
      if (times < UINT8_MAX) overtaken->overtaken_.write(static_cast<std::uint8_t>(times + 1));
    }
  }

  // Returns: how often it was, since it is the first. Precondition: there is a rear part.
  [[nodiscard]] unsigned times_overtaken() const noexcept { return rear()->overtaken_.read(); }

 private:
  void set_rear(waiter* w) noexcept {
    front()->below_arrival_.write(w != nullptr ? inbox_entry::arrival(*w) : inbox_entry());
  }
};

PAWL_END

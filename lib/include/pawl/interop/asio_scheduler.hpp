#pragma once
// An executor of Boost.Asio as a scheduler. (Boost 1.81 or later; not part of pawl.hpp.)

#include <pawl/backend/backend.hpp>
#include <pawl/interop/drained_inbox.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/work_item.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <new>
#include <utility>

PAWL_BEGIN

namespace detail {

// Room for what an executor keeps of the one handler that waits for it. What does not fit, or is
// asked for while the room is taken, comes from the heap.
class handler_room {
 public:
  template <class T>
  class allocator {
   public:
    using value_type = T;

    explicit allocator(handler_room& room) noexcept : room_(&room) {}
    template <class U>
    allocator(const allocator<U>& other) noexcept  // NOLINT(google-explicit-constructor)
        : room_(other.room_) {}

    T* allocate(std::size_t n) { return static_cast<T*>(room_->take(n * sizeof(T))); }
    void deallocate(T* memory, std::size_t) noexcept { room_->give_back(memory); }

    template <class U>
    bool operator==(const allocator<U>& other) const noexcept {
      return room_ == other.room_;
    }

   private:
    template <class U>
    friend class allocator;

    handler_room* room_;
  };

 private:
  void* take(std::size_t size) {
    if (is_taken_ || size > sizeof(room_)) return ::operator new(size);
    is_taken_ = true;
    return room_;
  }
  void give_back(void* memory) noexcept {
    if (memory != room_) return ::operator delete(memory);
    is_taken_ = false;
  }

  bool is_taken_ = false;
  alignas(std::max_align_t) std::byte room_[192];
};

}  // namespace detail

// Runs work items where the executor runs handlers. Must outlive what is to resume on it; the item
// that runs last may destroy it. Nothing is kept alive by it: who wants io_context::run() to wait
// for what is suspended has a work guard.
//
// schedule never throws, as long as posting a handler does not: otherwise the program is
//   terminated. It allocates nothing, if the executor has its handlers in memory from their
//   allocators, as those of io_context and thread_pool have; any_io_executor has its own way.
// Timers: those of default_pool().
// Order: items run in the order in which they were scheduled, if the executor runs handlers one at
//   a time, in their order.
template <class Executor>
class asio_scheduler final : public scheduler {
 public:
  explicit asio_scheduler(Executor where) noexcept : where_(std::move(where)) {}
  asio_scheduler(const asio_scheduler&) = delete;
  asio_scheduler& operator=(const asio_scheduler&) = delete;

  // Complexity: one handler for all items that are scheduled until it runs.
  void schedule(work_item& item) noexcept override {
    if (!inbox_.push(item)) return;
    const Executor where = where_;  // *this may be gone before post returns
    boost::asio::post(where, boost::asio::bind_allocator(room_allocator(room_), drainer{this}));
  }

  [[nodiscard]] const Executor& executor() const noexcept { return where_; }

 private:
  using room_allocator = detail::handler_room::allocator<void>;

  struct drainer {
    asio_scheduler* of;
    void operator()() const noexcept { of->inbox_.drain(*of); }
  };

  const Executor where_;
  detail::drained_inbox inbox_;
  detail::handler_room room_;
};

PAWL_END

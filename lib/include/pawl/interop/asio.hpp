#pragma once
// The operations of pawl as operations of Boost.Asio. (Boost 1.81 or later; not part of pawl.hpp.)

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/interop/asio_scheduler.hpp>
#include <pawl/interop/error_code.hpp>
#include <pawl/interop/sender.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/task.hpp>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

PAWL_BEGIN

namespace detail {

// How a handler is told that all is well, or not.
template <class Operation>
struct asio_status {
  using type = boost::system::error_code;

  static type of(const error& e) {
    if (e.code == errc::cancelled) return boost::asio::error::operation_aborted;
    return type(make_error_code(e.code));
  }
};
template <class T>
struct asio_status<task<T>> {
  using type = std::exception_ptr;

  static type of(const error& e) { return std::make_exception_ptr(operation_failed(e)); }
};

template <class Make>
using asio_status_of = asio_status<typename making<Make>::operation>;

template <class Status, class Value>
struct asio_signature {
  using type = void(Status, Value);
};
template <class Status>
struct asio_signature<Status, void> {
  using type = void(Status);
};

// Where a task runs that a handler waits for; others need no place.
struct no_scheduler {
  template <class Executor>
  explicit no_scheduler(const Executor&) noexcept {}
};

// A wait in progress, in memory from the handler's allocator. Whatever ends it posts the rest: the
// memory is given back, and the handler called, where its executor runs handlers.
template <class Make, class Handler>
class asio_operation final {
  using value = typename making<Make>::value;
  using status_of = asio_status_of<Make>;
  using status = typename status_of::type;
  using executor = boost::asio::associated_executor_t<Handler>;
  using allocator = typename std::allocator_traits<
      boost::asio::associated_allocator_t<Handler>>::template rebind_alloc<asio_operation>;
  using outcome = std::conditional_t<std::is_void_v<value>, std::monostate, value>;
  static constexpr bool is_task = std::is_same_v<status, std::exception_ptr>;

 public:
  asio_operation(Make make, Handler handler)
      : handler_(std::move(handler)),
        work_(boost::asio::get_associated_executor(handler_)),
        scheduler_(work_.get_executor()),
        wait_(std::move(make), receiver{this}) {}

  // Effects: waits, in the turn of the call; a task begins on the executor.
  static void start(Make make, Handler handler) {
    allocator memory(boost::asio::get_associated_allocator(handler));
    asio_operation* const place = std::allocator_traits<allocator>::allocate(memory, 1);
    asio_operation* me = nullptr;
    try {
      me = std::construct_at(place, std::move(make), std::move(handler));
      me->obey_slot();
    } catch (...) {
      if (me != nullptr) std::destroy_at(me);
      std::allocator_traits<allocator>::deallocate(memory, place, 1);
      throw;
    }
    if constexpr (is_task) {
      me->post(beginning{owner(me)});
    } else {
      me->wait_.start();
    }
  }

 private:
  // What the wait tells, and what it asks.
  struct receiver {
    asio_operation* me;

    template <class... Values>
    void set_value(Values&&... values) && noexcept {
      me->value_.emplace(std::forward<Values>(values)...);
      me->post_rest();
    }
    void set_error(const error& e) && noexcept {
      me->status_ = status_of::of(e);
      me->post_rest();
    }
    void set_error(std::exception_ptr e) && noexcept {
      me->thrown_ = std::move(e);
      me->post_rest();
    }
    void set_stopped() && noexcept { std::move(*this).set_error(error{errc::cancelled}); }

    struct environment {
      asio_operation* me;
      [[nodiscard]] stop_token get_stop_token() const noexcept { return me->stop_.get_token(); }
      [[nodiscard]] scheduler* get_scheduler() const noexcept {
        if constexpr (is_task) {
          return &me->scheduler_;
        } else {
          return nullptr;
        }
      }
    };
    [[nodiscard]] environment get_env() const noexcept { return {me}; }
  };

  // Effects: from now on the handler's slot ends the wait, whatever kind of cancellation it is.
  void obey_slot() {
    auto slot = boost::asio::get_associated_cancellation_slot(handler_);
    if (!slot.is_connected()) return;
    slot.assign([this](boost::asio::cancellation_type) { stop_.request_stop(); });
  }

  // *this may be gone before post returns.
  template <class Next>
  void post(Next next) {
    const executor where = work_.get_executor();
    const handler_room::allocator<void> memory(room_);
    boost::asio::post(where, boost::asio::bind_allocator(memory, std::move(next)));
  }
  void post_rest() noexcept { post(rest{owner(this)}); }

  // What is left of it when its memory has been given back.
  struct remains {
    explicit remains(asio_operation& me)
        : handler(std::move(me.handler_)),
          work(std::move(me.work_)),
          value(std::move(me.value_)),
          status(std::move(me.status_)),
          thrown(std::move(me.thrown_)) {
      allocator memory(boost::asio::get_associated_allocator(handler));
      std::destroy_at(&me);
      std::allocator_traits<allocator>::deallocate(memory, &me, 1);
    }

    Handler handler;
    const boost::asio::executor_work_guard<executor> work;
    std::optional<outcome> value;
    asio_operation::status status;
    std::exception_ptr thrown;
  };

  // A context that is destroyed destroys the functions that it has not called. (It leaves the slot
  // alone, whose signal may be gone.)
  struct discard {
    void operator()(asio_operation* me) const { const remains unused(*me); }
  };
  using owner = std::unique_ptr<asio_operation, discard>;

  // Of a task, on its executor.
  struct beginning {
    owner me;

    void operator()() noexcept {
      asio_operation& begun = *me.release();
      const driving_scope driving(begun.scheduler_);
      begun.wait_.start();
    }
  };

  struct rest {
    owner me;

    // Throws: what the handler does; what make, or the operation, has thrown.
    void operator()() {
      boost::asio::get_associated_cancellation_slot(me->handler_).clear();
      remains all(*me.release());
      if constexpr (is_task) {
        if (all.thrown) all.status = all.thrown;
      } else if (all.thrown) {
        std::rethrow_exception(all.thrown);
      }
      call(std::move(all.handler), all.status, std::move(all.value));
    }

    static void call(Handler handler, const status& ended, std::optional<outcome> value) {
      if constexpr (std::is_void_v<typename making<Make>::value>) {
        std::move(handler)(ended);
      } else {
        std::move(handler)(ended, value ? *std::move(value) : outcome());
      }
    }
  };

  Handler handler_;
  boost::asio::executor_work_guard<executor> work_;
  [[no_unique_address]] std::conditional_t<is_task, asio_scheduler<executor>, no_scheduler>
      scheduler_;
  stop_source stop_;
  std::optional<outcome> value_;
  status status_{};
  std::exception_ptr thrown_;
  handler_room room_;
  sender_operation<Make, receiver> wait_;
};

struct initiate_async_op {
  template <class Handler, class Make>
  void operator()(Handler&& handler, Make make) const {
    asio_operation<Make, std::decay_t<Handler>>::start(std::move(make),
                                                       std::forward<Handler>(handler));
  }
};

}  // namespace detail

// `async_op(make, token)` waits for the operation that make(stop_token) returns, or make(), as
// as_sender has it, and completes as asynchronous operations of Asio do, by whatever the completion
// token says:
//
//   async_op([&](pawl::stop_token t) { return slots.acquire(2, t); }, use_awaitable)
//
// Completion: void(boost::system::error_code, T), or without T if there is no value. The error is
//   boost::asio::error::operation_aborted for errc::cancelled, else one of error_category(); then
//   the T is a default constructed one. Of a task: void(std::exception_ptr, T), as with co_spawn.
// Where: the handler is called by its associated executor, never in the call. (Plain functions have
//   the system_executor, unless bind_executor gives them another.) A task runs on that executor
//   from its beginning. Until then the executor's context has work. It must live until the wait
//   has ended. A handler that it has not called when it is destroyed is destroyed with it, and so
//   is what it would have been called with: a permit goes back; so is a task that has not begun.
// Cancellation: the handler's cancellation slot, by whatever cancellation_type, requests the stop
//   of make's token, or the task's. As Asio has it, the slot is not to be used while the executor
//   calls the handler.
// Throws: what memory from the handler's associated_allocator, which holds the wait, does; nothing
//   else is allocated if the executor heeds allocators (see asio_scheduler). If make throws, or the
//   operation, unless it is a task, that leaves the executor's context, as from a handler.
// Order: a place in a queue is taken in the call; what a task takes, when it comes to that.
template <class Make, class CompletionToken>
  requires detail::makes_operation<Make>
auto async_op(Make make, CompletionToken&& token) {
  using value = typename detail::making<Make>::value;
  using status = typename detail::asio_status_of<Make>::type;
  using signature = typename detail::asio_signature<status, value>::type;
  static_assert(std::is_void_v<value> || std::is_default_constructible_v<value>,
                "a failure comes with a default constructed value");
  return boost::asio::async_initiate<CompletionToken, signature>(detail::initiate_async_op(), token,
                                                                 std::move(make));
}

PAWL_END

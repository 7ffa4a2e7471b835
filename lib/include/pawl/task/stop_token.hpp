#pragma once
// Cooperative cancellation, std-shaped but in place: a stop_source is two words in its owner, and
// tokens and callbacks borrow it. Nothing is allocated.
//
// Two kinds of callback: `stop_callback<F>`, with the RAII contract of std::stop_callback, whose
// destructor may have to wait for a callback that is running; and `stop_node`, the intrusive base
// for waiting operations, which never waits for anybody.

#include <pawl/backend/backend.hpp>

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

PAWL_BEGIN

class stop_source;

namespace detail {
class cancellation_tree;
}

// A callback on a source's list. While attached it must not be moved or destroyed.
//
// Ownership: from a successful attach until try_detach has returned true or the callback has been
// entered, the links belong to the holder of the source's lock.
class stop_node {
 public:
  using function = void (*)(stop_node&) noexcept;

  // f is called once, by the thread that requests the stop, outside every lock. Entering it is the
  // source's last access to the node, so f may destroy the node; its end is for f to tell.
  constexpr explicit stop_node(function f) noexcept : run_(f) {}
  stop_node(const stop_node&) = delete;
  stop_node& operator=(const stop_node&) = delete;

 private:
  friend class stop_source;

  const function run_;
  cell<stop_node*> next_{nullptr};
  cell<cell<stop_node*>*> link_{nullptr};  // the link that points here; null: not on a list
};

// Asks whether a stop was requested. Borrows its source, which must outlive it. A default
// constructed token never stops.
class stop_token {
 public:
  constexpr stop_token() noexcept = default;

  // Memory ordering: if true, what happened before the request happened before this call.
  [[nodiscard]] bool stop_requested() const noexcept;
  [[nodiscard]] bool stop_possible() const noexcept { return source_ != nullptr; }

  // Returns: the number of the source, 0 if there is none. See stop_source::number.
  [[nodiscard]] std::uint32_t number() const noexcept;

  // Effects: unless a stop was requested, the next request_stop will call the node. If
  //   !stop_possible(), nothing is done.
  // Returns: false if a stop was requested before: the node was not attached, and is never called.
  // Complexity: constant. The source's one-bit lock is held for a fixed number of steps.
  [[nodiscard]] bool attach(stop_node& node) const noexcept;

  // Effects: takes the node off the list, if it has not been taken by request_stop. Never waits for
  //   a callback.
  // Returns: true if the node was not called and will not be; false if it is being called, was
  //   called, or is about to be, by a concurrent request_stop.
  // Precondition: attach(node) on this token has returned true.
  // Complexity: constant, as for attach: a list linked both ways.
  [[nodiscard]] bool try_detach(stop_node& node) const noexcept;

  friend bool operator==(stop_token, stop_token) noexcept = default;

 private:
  friend class stop_source;
  constexpr explicit stop_token(stop_source& source) noexcept : source_(&source) {}

  stop_source* source_ = nullptr;
};

// Where a stop is requested. It must outlive its tokens, their attached nodes, and the calls of
// request_stop.
class stop_source {
 public:
  constexpr stop_source() noexcept = default;
  stop_source(const stop_source&) = delete;
  stop_source& operator=(const stop_source&) = delete;

  stop_token get_token() noexcept { return stop_token(*this); }
  [[nodiscard]] bool stop_requested() const noexcept;

  // Returns: a number from 1, given when somebody first asks: that of a task, in reports, whose own
  //   source this is. None is given twice before all have been, 2^32 - 1.
  // Complexity: one load; the first time, two read-modify-writes.
  [[nodiscard]] std::uint32_t number() noexcept;

  // Effects: the first call makes stop_requested() true and calls every attached node, one at a
  //   time, last attached first, each outside the lock.
  // Returns: true for the first call, false for the others, which do nothing.
  // Memory ordering: happens before each callback, and before a stop_requested() that sees it.
  // Complexity: O(1) for each attached node, besides what the callbacks do.
  bool request_stop() noexcept;

 private:
  friend class stop_token;
  friend class detail::cancellation_tree;

  using bits = std::uint8_t;
  // bit  | meaning              | set by                    | cleared by
  // lock | somebody owns list_  | attach, try_detach, stop  | the same, within O(1) steps
  // stop | a stop was requested | request_stop, with lock   | nobody
  static constexpr bits lock_bit = 1;
  static constexpr bits stop_bit = 2;

  bool attach(stop_node& node) noexcept;
  bool try_detach(stop_node& node) noexcept;
  static void unlink(stop_node& node) noexcept;

  // The parts of request_stop, for who calls the nodes of several sources: the first makes
  // stop_requested() true, the second takes a node off the list, null if there is none.
  void mark() noexcept;
  stop_node* take() noexcept;
  static void run(stop_node& node) noexcept { node.run_(node); }

  bool lock_unless_stopped(bits also_set) noexcept;
  bits lock() noexcept;
  void unlock(bits left) noexcept;

  atomic<bits> state_{0};
  atomic<std::uint32_t> number_{0};  // 0: nobody has asked
  cell<stop_node*> list_{nullptr};
};

namespace detail {

// The part of stop_callback that does not depend on F: attaching, and waiting for the callback.
class stop_callback_base : stop_node {
 protected:
  using invoke_function = void (*)(stop_callback_base&) noexcept;

  stop_callback_base(stop_token token, invoke_function invoke) noexcept;
  ~stop_callback_base() = default;

  void attach() noexcept;  // last act of the constructor: the callback may run inside
  void detach() noexcept;  // first act of the destructor

 private:
  enum class phase : std::uint8_t { pending, awaited, finished };

  static void run(stop_node& node) noexcept;
  void await_finish() noexcept;

  const invoke_function invoke_;
  const stop_token token_;
  atomic<phase> phase_{phase::pending};
  cell<parker*> waiting_{nullptr};  // written before `awaited`, read by whoever finds it
};

}  // namespace detail

// Calls f when a stop is requested, on the requesting thread; at once, in the constructor, if it
// was requested before. Contract of std::stop_callback, with an f that must not throw.
template <class F>
class [[nodiscard]] stop_callback : detail::stop_callback_base {
 public:
  template <class G>
    requires std::constructible_from<F, G>
  explicit stop_callback(stop_token token, G&& f)
      : stop_callback_base(token, &invoke), f_(std::forward<G>(f)) {
    attach();
  }
  stop_callback(const stop_callback&) = delete;
  stop_callback& operator=(const stop_callback&) = delete;

  // Effects: f will not be called any more. If another thread is calling it, blocks until it has
  //   returned; if this very thread is, inside f, returns at once.
  // Complexity: constant, but for that wait, and linear in how many callbacks this thread is inside
  //   of, one within another, where f has been called and has not returned.
  ~stop_callback() { detach(); }

 private:
  static void invoke(stop_callback_base& self) noexcept {
    std::forward<F>(static_cast<stop_callback&>(self).f_)();
  }

  F f_;
};

template <class F>
stop_callback(stop_token, F) -> stop_callback<F>;

PAWL_END

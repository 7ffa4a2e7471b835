#pragma once
// Model backend: a thread is a model thread of the exploration.

#include <pawl/backend/model/source_location.hpp>
#include <pawl/backend/namespace.hpp>
#include <pawl/check/runtime.hpp>

#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

PAWL_BEGIN

// As std::thread. Destroying a joinable one is a bug that the checker reports.
class thread {
 public:
  using id = ::pawl::check::rt::thread_id;

  thread() noexcept = default;
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, thread>)
  explicit thread(F&& f, source_location at = source_location::current()) {
    start(std::tuple<std::decay_t<F>>(std::forward<F>(f)), at);
  }
  template <class F, class Arg, class... Args>
    requires(std::is_invocable_v<std::decay_t<F>, std::decay_t<Arg>, std::decay_t<Args>...>)
  explicit thread(F&& f, Arg&& arg, Args&&... args) {
    start(std::tuple<std::decay_t<F>, std::decay_t<Arg>, std::decay_t<Args>...>(
              std::forward<F>(f), std::forward<Arg>(arg), std::forward<Args>(args)...),
          source_location::current());
  }
  thread(thread&& other) noexcept
      : id_(other.id_), joinable_(std::exchange(other.joinable_, false)) {}
  thread& operator=(thread&& other) noexcept {
    drop();
    id_ = other.id_;
    joinable_ = std::exchange(other.joinable_, false);
    return *this;
  }
  ~thread() { drop(); }

  bool joinable() const noexcept { return joinable_; }
  id get_id() const noexcept { return id_; }
  void join(source_location at = source_location::current()) {
    if (!std::exchange(joinable_, false))
      ::pawl::check::rt::misuse("join() of a thread that is not joinable", at);
    ::pawl::check::rt::join(id_, at);
  }
  void detach() { joinable_ = false; }

 private:
  template <class Call>
  void start(Call call, source_location at) {
    id_ = ::pawl::check::rt::spawn(
        [](void* context) {
          const std::unique_ptr<Call> owned(static_cast<Call*>(context));
          std::apply([](auto&... parts) { std::invoke(std::move(parts)...); }, *owned);
        },
        new Call(std::move(call)), at);
    joinable_ = true;
  }
  void drop() noexcept {
    if (joinable_)
      ::pawl::check::rt::misuse("a joinable thread is destroyed", source_location::current());
  }

  id id_ = 0;
  bool joinable_ = false;
};

namespace this_thread {
inline void yield(source_location at = source_location::current()) noexcept {
  ::pawl::check::rt::yield(at);
}
inline thread::id get_id() noexcept { return ::pawl::check::rt::current_thread(); }
}  // namespace this_thread

PAWL_END

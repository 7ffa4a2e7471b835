#pragma once
// Senders that were started, beside the calls of models/support.hpp.

#include <pawl/interop/sender.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/semaphore.hpp>

#include <exception>

#include "../support.hpp"

namespace models {

// What the receiver of a started sender was told, and where it wants to be told: as with `call`,
// where `--resumption` says.
class answer {
 public:
  answer() {
    if (!pawl::check::resumes_in_waker()) where_ = &home_.emplace();
  }
  explicit answer(pawl::scheduler& where) : where_(&where) {}

  void tell(pawl::result<count_t> r) {
    result_.write(r);
    told_.open();
  }

  // Waits until it is told. Returns: what.
  pawl::result<count_t> result() const {
    told_.wait();
    return result_.read();
  }
  bool granted() const { return result().has_value(); }
  count_t count() const { return result().value_or(0); }
  bool failed_with(pawl::errc code) const {
    const auto r = result();
    return !r && r.error().code == code;
  }

  pawl::scheduler* where() const noexcept { return where_; }

 private:
  pawl::scheduler* where_ = nullptr;
  std::optional<home> home_;
  gate told_;
  pawl::cell<pawl::result<count_t>> result_;
};

// What is done with a grant: permits are kept for ever; who has the lock counts up.
inline count_t use(pawl::permit granted) { return std::move(granted).forget(); }
inline count_t use(pawl::mutex_guard<count_t> granted) { return ++*granted; }
inline count_t use(count_t n) { return n; }

// What a receiver does before it tells its answer.
struct before_all {
  void* with = nullptr;
  void (*run)(void*) = [](void*) {};
};

template <class Token = pawl::stop_token>
class answering {
 public:
  explicit answering(answer& to, Token token = {}, const before_all* first = nullptr)
      : to_(&to), token_(token), first_(first) {}

  template <class Grant>
  void set_value(Grant granted) && noexcept {
    const count_t used = use(std::move(granted));
    tell(used);
  }
  void set_stopped() && noexcept { tell(pawl::failure(pawl::errc::cancelled)); }
  void set_error(pawl::error why) && noexcept { tell(tl::unexpected<pawl::error>(why)); }
  void set_error(std::exception_ptr) && noexcept { require(false, "nothing throws here"); }

  auto get_env() const noexcept { return environment{token_, to_->where()}; }

 private:
  struct environment {
    Token token;
    pawl::scheduler* where;
    Token get_stop_token() const noexcept { return token; }
    pawl::scheduler* get_scheduler() const noexcept { return where; }
  };

  void tell(pawl::result<count_t> r) noexcept {
    answer& to = *to_;
    if (first_ != nullptr) first_->run(first_->with);  // *this may be gone
    to.tell(r);
  }

  answer* to_;
  Token token_;
  const before_all* first_;
};

// An operation on the heap, which its receiver destroys before it tells of it.
template <class Sender, class Token>
void start_and_destroy_when_told(const Sender& sender, answer& to, Token token, before_all& first) {
  const answering receiver(to, token, &first);
  using operation = decltype(sender.connect(receiver));
  auto* const started = new operation(sender.connect(receiver));
  first = {started, [](void* it) { delete static_cast<operation*>(it); }};
  started->start();
}

// A stop token that names its callbacks, as those of std::execution do.
class foreign_token {
 public:
  foreign_token() = default;
  explicit foreign_token(pawl::stop_source& source) : token_(source.get_token()) {}

  bool stop_requested() const noexcept { return token_.stop_requested(); }
  bool stop_possible() const noexcept { return token_.stop_possible(); }

  template <class F>
  struct callback_type : pawl::stop_callback<F> {
    callback_type(foreign_token of, F f) : pawl::stop_callback<F>(of.token_, f) {}
  };

 private:
  pawl::stop_token token_;
};

inline auto acquiring(pawl::semaphore& s, count_t n) {
  return pawl::as_sender([&s, n](pawl::stop_token t) noexcept { return s.acquire(n, t); });
}

inline auto locking(pawl::mutex<count_t>& m) {
  return pawl::as_sender([&m](pawl::stop_token t) noexcept { return m.lock(t); });
}

}  // namespace models

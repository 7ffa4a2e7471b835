// Senders beside coroutines, in one queue: each call does what the semaphore's reference does.

#include <pawl/interop/sender.hpp>

#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "../semaphore/compared.hpp"
#include "making.hpp"

namespace interop_programs {

namespace {

using kind = operation::kind;

// Tells the call what the sender came to.
class receiver {
 public:
  receiver(call& c, pawl::scheduler* where) : call_(&c), environment_{&c, where} {}

  void set_value(pawl::permit granted) && noexcept {
    semaphore_programs::end(*call_, std::move(granted));
  }
  void set_error(pawl::error e) && noexcept {
    semaphore_programs::end(*call_, tl::unexpected<pawl::error>(e));
  }
  void set_stopped() && noexcept { std::move(*this).set_error({pawl::errc::cancelled}); }

  struct environment {
    call* of;
    pawl::scheduler* where;
    pawl::stop_token get_stop_token() const noexcept { return of->stop.get_token(); }
    pawl::scheduler* get_scheduler() const noexcept { return where; }
  };
  const environment& get_env() const noexcept { return environment_; }

 private:
  call* call_;
  environment environment_;
};

using making = decltype(making_of(std::declval<pawl::semaphore&>(), std::declval<call&>()));

// Every other call is that of a sender.
class client : public semaphore_programs::client {
 public:
  using semaphore_programs::client::client;

  std::optional<outcome> apply(const operation& op) {
    if (!op.starts() || op.which % 2 == 0) return semaphore_programs::client::apply(op);
    start(op, [this](pawl::scheduler* where, pawl::semaphore& s, call& c) {
      waits_.emplace_back(making_of(s, c), receiver(c, where)).start();
      return acquiring();
    });
    return std::nullopt;
  }

 private:
  std::deque<pawl::sender_operation<making, receiver>> waits_;
};

void agree(resumption where) {
  const pawl::count_t permits = *semaphore_programs::any_number();
  auto program = *semaphore_programs::any_program();
  // A sender that waits must not be destroyed.
  std::erase_if(program, [](const operation& op) { return op.what == kind::destroy; });
  semaphore_programs::compared<client> both(where, count_starts(program), permits);
  for (const operation& op : program) both.step(op);
  both.step({.what = kind::close});
}

const step_by_step properties("sender", 3000, &agree);

}  // namespace

}  // namespace interop_programs

// Operations of Asio in one queue: each call does what the semaphore's reference does.

#include <pawl/interop/asio.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "../semaphore/compared.hpp"
#include "making.hpp"

namespace interop_programs {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using kind = operation::kind;
using pawl::errc;

// Returns: the error of a call that asked for n permits; a code has no numbers.
pawl::error error_of(const std::error_code& code, pawl::count_t n) {
  RC_ASSERT(code.category() == pawl::error_category());
  const auto why = static_cast<errc>(code.value());
  return why == errc::exceeds_limit ? pawl::error{why, n, pawl::semaphore::max_permits}
                                    : pawl::error{why};
}

// Tells the call what it came to.
auto handler_of(call& c) {
  return [&c](error_code code, pawl::permit granted) {
    if (!code) return semaphore_programs::end(c, std::move(granted));
    RC_ASSERT(!granted);
    const bool is_stopped = code == asio::error::operation_aborted;
    semaphore_programs::end(
        c, tl::unexpected(is_stopped ? pawl::error{errc::cancelled} : error_of(code, c.asked.n)));
  };
}

class client : public semaphore_programs::client {
 public:
  using semaphore_programs::client::client;

  std::optional<outcome> apply(const operation& op) {
    if (op.starts()) {
      start(op, [this](pawl::scheduler*, pawl::semaphore& s, call& c) {
        begin(s, c);
        return acquiring();
      });
      return std::nullopt;
    }
    std::optional<outcome> ended = semaphore_programs::client::apply(op);
    // What has started already is stopped by its signal.
    if (op.what == kind::stop) {
      for (std::size_t i = 0; i != started().size(); ++i) {
        if (started()[i].stop.get_token().stop_requested())
          signals_[i].emit(asio::cancellation_type::terminal);
      }
    }
    return ended;
  }

  void collect() {
    context_.restart();
    context_.poll();
    semaphore_programs::client::collect();
  }

 private:
  void begin(pawl::semaphore& s, call& c) {
    auto slot = signals_.emplace_back().slot();
    auto handler = asio::bind_executor(context_.get_executor(), handler_of(c));
    const bool is_stopped = c.stop.get_token().stop_requested();
    const auto make = [of = making_of(s, c), is_stopped, &c](pawl::stop_token token) {
      return of(is_stopped ? c.stop.get_token() : token);
    };
    pawl::async_op(make, asio::bind_cancellation_slot(slot, std::move(handler)));
  }

  asio::io_context context_;
  std::deque<asio::cancellation_signal> signals_;  // of each call
};

void agree() {
  const pawl::count_t permits = *semaphore_programs::any_number();
  auto program = *semaphore_programs::any_program();
  // What Asio waits for has no handle by which it could be destroyed.
  std::erase_if(program, [](const operation& op) { return op.what == kind::destroy; });
  semaphore_programs::compared<client> both(resumption::in_place, count_starts(program), permits);
  for (const operation& op : program) both.step(op);
  both.step({.what = kind::close});
}

const property p("asio.step_by_step", "each call does what the reference does", 3000, &agree);

}  // namespace

}  // namespace interop_programs

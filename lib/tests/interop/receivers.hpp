#pragma once
// Receivers for tests: what they are told is written down, and they may ask for things.

#include <pawl/error.hpp>
#include <pawl/interop/receiver.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <utility>

// What a receiver was told.
template <class Value>
struct told {
  std::optional<Value> value;
  std::optional<pawl::error> error;
  std::exception_ptr thrown;
  bool stopped = false;
  int times = 0;
  std::function<void()> then = [] {};  // runs when it is told, as the last thing

  bool is_pending() const { return times == 0; }
  bool is_error(pawl::errc code) const { return error && error->code == code; }

  void tell() {
    ++times;
    auto next = std::move(then);  // the operation may go there
    next();
  }
};

struct nothing {};

// What it says when it is asked.
template <class Token>
struct environment {
  Token token;
  pawl::scheduler* where = nullptr;

  Token get_stop_token() const noexcept { return token; }
  pawl::scheduler* get_scheduler() const noexcept { return where; }
};

template <class Value, class Token = pawl::stop_token>
class recorder {
 public:
  explicit recorder(told<Value>& out, Token token = {}, pawl::scheduler* where = nullptr)
      : out_(&out), environment_{token, where} {}

  void set_value(Value v) && noexcept {
    out_->value.emplace(std::move(v));
    out_->tell();
  }
  void set_error(pawl::error e) && noexcept {
    out_->error = e;
    out_->tell();
  }
  void set_error(std::exception_ptr e) && noexcept {
    out_->thrown = std::move(e);
    out_->tell();
  }
  void set_stopped() && noexcept {
    out_->stopped = true;
    out_->tell();
  }
  const environment<Token>& get_env() const noexcept { return environment_; }

 protected:
  told<Value>* out_;
  environment<Token> environment_;
};

// The same for what has no value.
template <class Token = pawl::stop_token>
class void_recorder : public recorder<nothing, Token> {
 public:
  using recorder<nothing, Token>::recorder;
  void set_value() && noexcept {
    this->out_->value.emplace();
    this->out_->tell();
  }
};

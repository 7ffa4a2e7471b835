#include <pawl/interop/error_code.hpp>

#include <string>

PAWL_BEGIN

namespace {

class category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "pawl"; }

  [[nodiscard]] std::string message(int value) const override {
    return to_string(error{static_cast<errc>(value)});
  }

  [[nodiscard]] std::error_condition default_error_condition(int value) const noexcept override {
    switch (static_cast<errc>(value)) {
      case errc::cancelled:
        return std::errc::operation_canceled;
      case errc::timed_out:
        return std::errc::timed_out;
      case errc::closed:
        return std::errc::broken_pipe;
      case errc::poisoned:
        return std::errc::state_not_recoverable;
      case errc::would_block:
        return std::errc::operation_would_block;
      case errc::exceeds_limit:
        return std::errc::value_too_large;
    }
    return {value, *this};
  }
};

}  // namespace

const std::error_category& error_category() noexcept {
  static const category one;
  return one;
}

PAWL_END

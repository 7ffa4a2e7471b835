#include <pawl/error.hpp>

PAWL_BEGIN

std::string_view to_string(errc code) noexcept {
  switch (code) {
    case errc::cancelled:
      return "cancelled";
    case errc::timed_out:
      return "timed_out";
    case errc::closed:
      return "closed";
    case errc::poisoned:
      return "poisoned";
    case errc::would_block:
      return "would_block";
    case errc::exceeds_limit:
      return "exceeds_limit";
  }
  return "unknown";
}

namespace {

std::string_view meaning(errc code) noexcept {
  switch (code) {
    case errc::cancelled:
      return "the wait was stopped before it was granted";
    case errc::timed_out:
      return "the deadline passed before the wait was granted";
    case errc::closed:
      return "the object was closed, or has its value already";
    case errc::poisoned:
      return "the object was left in doubt by an exception, an overflow or poison()";
    case errc::would_block:
      return "the operation could not finish at once; wait, or try later";
    case errc::exceeds_limit:
      return "more was asked for than is possible";
  }
  return "no such error code";
}

}  // namespace

std::string to_string(const error& e) {
  std::string text("pawl: ");
  text.append(to_string(e.code)).append(": ").append(meaning(e.code));
  if (e.value != 0 || e.limit != 0) {
    text.append(" (value ").append(std::to_string(e.value));
    text.append(", limit ").append(std::to_string(e.limit)).append(")");
  }
  return text;
}

PAWL_END

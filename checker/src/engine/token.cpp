#include "token.hpp"

#include <fmt/format.h>

#include <pawl/check/token.hpp>

#include <algorithm>
#include <bit>
#include <charconv>

namespace pawl::check::engine {
namespace {

constexpr std::string_view prefix = "p3-";
constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned check_size = 6;  // Digits of six bits for a hash of 32.
using bytes = std::vector<std::uint8_t>;

std::string encode(const bytes& in) {
  std::string out;
  std::uint32_t held = 0, bits = 0;
  for (const std::uint8_t b : in) {
    held = (held << 8 | b) & 0xffff;
    for (bits += 8; bits >= 6; bits -= 6) out += digits[held >> (bits - 6) & 63];
  }
  if (bits > 0) out += digits[held << (6 - bits) & 63];
  return out;
}

bool decode(std::string_view in, bytes& out) {
  std::uint32_t held = 0, bits = 0;
  for (const char c : in) {
    const auto d = digits.find(c);
    if (d == std::string_view::npos) return false;
    held = (held << 6 | static_cast<std::uint32_t>(d)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(held >> bits));
  }
  return true;
}

// Numbers of seven bits a byte, the lowest first.
void put(bytes& out, std::uint32_t n) {
  for (; n >= 0x80; n >>= 7) out.push_back(static_cast<std::uint8_t>(n | 0x80));
  out.push_back(static_cast<std::uint8_t>(n));
}
bool take(const bytes& in, std::size_t& at, std::uint32_t& n) {
  n = 0;
  for (unsigned shift = 0; at < in.size() && shift < 32; shift += 7) {
    const std::uint8_t b = in[at++];
    n |= static_cast<std::uint32_t>(b & 0x7f) << shift;
    if (b < 0x80) return true;
  }
  return false;
}

// A step is its thread in the lower five bits and its alternative in the upper three; 7 announces a
// number: even = twice how often the thread takes the first alternative, odd = one more than twice
// the alternative.
void put_steps(bytes& out, const std::vector<prescribed_step>& steps) {
  for (std::size_t i = 0; i < steps.size();) {
    std::size_t run = 1;
    while (i + run < steps.size() && steps[i + run] == steps[i]) ++run;
    const prescribed_step s = steps[i];
    if (s.alternative == 0 && run > 2) {
      out.push_back(static_cast<std::uint8_t>(s.thread | 7u << 5));
      put(out, static_cast<std::uint32_t>(run) * 2);
      i += run;
    } else {
      const bool large = s.alternative >= 7;
      out.push_back(static_cast<std::uint8_t>(s.thread | (large ? 7u : s.alternative) << 5));
      if (large) put(out, s.alternative * 2 + 1);
      ++i;
    }
  }
}

bool take_steps(const bytes& in, std::size_t at, std::vector<prescribed_step>& steps) {
  while (at < in.size()) {
    const std::uint8_t b = in[at++];
    prescribed_step s{static_cast<std::uint8_t>(b & 31), static_cast<std::uint32_t>(b >> 5)};
    std::uint32_t n = 0;
    if (s.alternative == 7) {
      if (!take(in, at, n)) return false;
      if (n % 2 == 0) {
        if (n / 2 > 100'000) return false;
        steps.insert(steps.end(), n / 2, {s.thread, 0});
        continue;
      }
      s.alternative = n / 2;
    }
    steps.push_back(s);
  }
  return true;
}

void put_explored(bytes& out, const std::vector<explored_granule>& all) {
  put(out, static_cast<std::uint32_t>(all.size()));
  for (const explored_granule& each : all) {
    put(out, each.number);
    put(out, each.unit);
    put(out, each.first);
  }
}

bool take_explored(const bytes& in, std::size_t& at, std::vector<explored_granule>& all) {
  std::uint32_t n = 0;
  if (!take(in, at, n) || n > in.size()) return false;
  all.resize(n);
  return std::ranges::all_of(all, [&](explored_granule& each) {
    return take(in, at, each.number) && take(in, at, each.unit) && take(in, at, each.first) &&
           each.unit <= 8 && std::has_single_bit(each.unit) && each.first < 8;
  });
}

bool take_hex(std::string_view& text, std::uint32_t& n) {
  if (text.size() < 9 || text[8] != '-') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 8, n, 16);
  if (error != std::errc{} || end != text.data() + 8) return false;
  text.remove_prefix(9);
  return true;
}

// The whole hash, not a part of it: FNV-1a of texts that differ in one character always differs.
std::string check_of(std::string_view text) {
  fingerprint f;
  f.add(text);
  std::string out;
  for (unsigned i = 0; i < check_size; ++i)
    out += digits[f.value() >> (6 * (check_size - 1 - i)) & 63];
  return out;
}

}  // namespace

std::string write_token(const token& t) {
  bytes out;
  out.push_back(static_cast<std::uint8_t>(
      static_cast<unsigned>(t.memory_model) << 4 | (t.resumption == resumption::in_waker ? 2 : 0) |
      (t.orders_arrivals ? 1 : 0) | (t.weak_cas_fails > 0 ? 4 : 0) |
      (t.stalled_thread >= 0 ? 8 : 0) | (t.explores_races ? 64 : 0)));
  if (t.weak_cas_fails > 0) put(out, t.weak_cas_fails);
  if (t.stalled_thread >= 0) {
    out.push_back(static_cast<std::uint8_t>(t.stalled_thread));
    put(out, t.stalled_at);
  }
  if (t.explores_races) put_explored(out, t.explored);
  put_steps(out, t.steps);
  const std::string text =
      fmt::format("{}{:08x}-{:08x}-{}", prefix, t.program, t.structure, encode(out));
  return text + check_of(text);
}

tl::expected<token, std::string> read_token(std::string_view text) {
  const auto malformed = [&](std::string_view why) {
    return tl::unexpected(fmt::format("'{}' is no replay token: {}", text, why));
  };
  if (!text.starts_with(prefix)) return malformed("it does not begin with p3-");
  const std::size_t checked = text.size() - std::min<std::size_t>(text.size(), check_size);
  std::string_view rest = text.substr(0, checked);
  if (rest.size() < prefix.size() || check_of(rest) != text.substr(checked))
    return malformed("its last six characters do not fit the others, so it was cut or changed");
  rest.remove_prefix(prefix.size());
  token t;
  if (!take_hex(rest, t.program) || !take_hex(rest, t.structure))
    return malformed("two numbers of eight hexadecimal digits must follow p3-");
  bytes in;
  if (!decode(rest, in) || in.empty()) return malformed("its last part is not base64url");
  std::size_t at = 1;
  std::uint32_t n = 0;
  t.memory_model = static_cast<memory_model>(in[0] >> 4 & 3);
  t.resumption = (in[0] & 2) != 0 ? resumption::in_waker : resumption::own_thread;
  t.orders_arrivals = (in[0] & 1) != 0;
  if ((in[0] & 4) != 0) {
    if (!take(in, at, n)) return malformed("it is cut short");
    t.weak_cas_fails = n;
  }
  if ((in[0] & 8) != 0) {
    if (at >= in.size()) return malformed("it is cut short");
    t.stalled_thread = in[at++];
    if (!take(in, at, n) || n > 0xffff) return malformed("it is cut short");
    t.stalled_at = static_cast<std::uint16_t>(n);
  }
  t.explores_races = (in[0] & 64) != 0;
  if (t.explores_races && !take_explored(in, at, t.explored)) return malformed("it is cut short");
  if (!take_steps(in, at, t.steps)) return malformed("it is cut short");
  return t;
}

}  // namespace pawl::check::engine

namespace pawl::check {

std::optional<recording> recorded_under(std::string_view token) {
  const auto read = engine::read_token(token);
  if (!read) return std::nullopt;
  return recording{read->memory_model, read->resumption, read->weak_cas_fails,
                   read->stalled_thread >= 0,
                   read->explores_races ? race_use::explore : race_use::convict};
}

}  // namespace pawl::check

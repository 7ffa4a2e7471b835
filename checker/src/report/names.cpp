// How the enumerations of the interface are spelled on the command line and in reports.
#include <array>
#include <utility>

#include <pawl/check/options.hpp>
#include <pawl/check/report.hpp>

namespace pawl::check {
namespace {

template <class Enum, std::size_t N>
using spelling = std::array<std::pair<Enum, std::string_view>, N>;

constexpr spelling<memory_model, 4> memory_models{{
    {memory_model::rc11, "rc11"},
    {memory_model::ra, "ra"},
    {memory_model::tso, "tso"},
    {memory_model::sc, "sc"},
}};

constexpr spelling<strategy, 6> strategies{{
    {strategy::exhaustive, "exhaustive"},
    {strategy::random, "random"},
    {strategy::pct, "pct"},
    {strategy::pos, "pos"},
    {strategy::guided, "guided"},
    {strategy::states, "states"},
}};

constexpr spelling<resumption, 2> resumptions{{
    {resumption::own_thread, "own-thread"},
    {resumption::in_waker, "in-waker"},
}};

constexpr spelling<race_use, 2> race_uses{{
    {race_use::convict, "convict"},
    {race_use::explore, "explore"},
}};

constexpr spelling<failure_kind, 17> failure_kinds{{
    {failure_kind::assertion, "assertion"},
    {failure_kind::data_race, "data_race"},
    {failure_kind::deadlock, "deadlock"},
    {failure_kind::exception, "exception"},
    {failure_kind::crash, "crash"},
    {failure_kind::leak, "leak"},
    {failure_kind::double_free, "double_free"},
    {failure_kind::invalid_free, "invalid_free"},
    {failure_kind::use_after_free, "use_after_free"},
    {failure_kind::out_of_bounds, "out_of_bounds"},
    {failure_kind::lifetime, "lifetime"},
    {failure_kind::no_progress, "no_progress"},
    {failure_kind::not_linearizable, "not_linearizable"},
    {failure_kind::nondeterminism, "nondeterminism"},
    {failure_kind::limit, "limit"},
    {failure_kind::misuse, "misuse"},
    {failure_kind::vacuous, "vacuous"},
}};

constexpr spelling<verdict, 4> verdicts{{
    {verdict::clean, "clean"},
    {verdict::limited, "limited"},
    {verdict::bug, "bug"},
    {verdict::refused, "refused"},
}};

template <class Enum, std::size_t N>
std::string_view spell(const spelling<Enum, N>& table, Enum value) noexcept {
  for (const auto& [candidate, name] : table)
    if (candidate == value) return name;
  return "unknown";
}

template <class Enum, std::size_t N>
std::optional<Enum> read(const spelling<Enum, N>& table, std::string_view text) noexcept {
  for (const auto& [value, name] : table)
    if (name == text) return value;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(memory_model m) noexcept { return spell(memory_models, m); }
std::string_view to_string(strategy s) noexcept { return spell(strategies, s); }
std::string_view to_string(resumption r) noexcept { return spell(resumptions, r); }
std::string_view to_string(race_use u) noexcept { return spell(race_uses, u); }
std::string_view to_string(failure_kind k) noexcept { return spell(failure_kinds, k); }
std::string_view to_string(verdict v) noexcept { return spell(verdicts, v); }

std::optional<memory_model> parse_memory_model(std::string_view text) noexcept {
  return read(memory_models, text);
}
std::optional<strategy> parse_strategy(std::string_view text) noexcept {
  return read(strategies, text);
}
std::optional<resumption> parse_resumption(std::string_view text) noexcept {
  return read(resumptions, text);
}
std::optional<race_use> parse_race_use(std::string_view text) noexcept {
  return read(race_uses, text);
}

}  // namespace pawl::check

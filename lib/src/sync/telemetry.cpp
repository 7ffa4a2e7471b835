#include <pawl/sync/telemetry.hpp>

#include <pawl/backend/fault.hpp>

#include <optional>

PAWL_BEGIN

namespace {

// [telemetry.1] relaxed: numbers that stand for themselves; nothing is published.
constexpr auto as_number = memory_order_relaxed;

}  // namespace

std::vector<telemetry_snapshot> telemetry::snapshot() const {
  std::vector<telemetry_snapshot> all;
  const detail::bit_lock_guard guard(lock_);
  for (auto* at = &probes_.next(); at != &probes_; at = &at->next()) {
    all.push_back(static_cast<const detail::probe_base&>(*at).snapshot());
  }
  return all;
}

namespace detail {

probe_base::probe_base(telemetry& all, std::string_view name, const void* of, reader read) noexcept
    : all_(all), name_(name), of_(of), read_(read) {
  const bit_lock_guard guard(all_.lock_);
  id_ = all_.last_id_.read() + 1;
  all_.last_id_.write(id_);
  all_.probes_.insert_after(*this);
}

probe_base::~probe_base() {
  std::optional<bit_lock_guard> guard;
  if (!fault::leaves_unlocked) guard.emplace(all_.lock_);
  unlink();
}

telemetry_snapshot probe_base::snapshot() const noexcept {
  telemetry_snapshot now;
  now.id = id_;
  now.name = name_;
  read_(of_, now);
  now.waiters = waiting_.load(as_number);
  now.grants = granted_.load(as_number);
  now.cancellations = given_up_.load(as_number);
  if (const auto since = since_.load(as_number); since != never) {
    now.since = steady_clock::time_point(steady_clock::duration(since));
  }
  return now;
}

void probe_base::begin() noexcept {
  if (fault::begun_in_two_steps) return waiting_.store(waiting_.load(as_number) + 1, as_number);
  waiting_.fetch_add(1, as_number);
}

void probe_base::succeed() noexcept {
  since_.store(steady_clock::now().time_since_epoch().count(), as_number);
  granted_.fetch_add(1, as_number);
  fail();
}

void probe_base::give_up() noexcept {
  given_up_.fetch_add(1, as_number);
  fail();
}

void probe_base::fail() noexcept { waiting_.fetch_sub(1, as_number); }

}  // namespace detail

PAWL_END

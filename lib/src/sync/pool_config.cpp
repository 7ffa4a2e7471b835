#include <pawl/sync/permit_store.hpp>
#include <pawl/sync/pool_config.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

PAWL_BEGIN

std::string_view to_string(destroy_reason why) noexcept {
  switch (why) {
    case destroy_reason::unhealthy:
      return "unhealthy";
    case destroy_reason::idle_timeout:
      return "idle_timeout";
    case destroy_reason::max_lifetime:
      return "max_lifetime";
    case destroy_reason::discarded:
      return "discarded";
    case destroy_reason::closed:
      return "closed";
  }
  return "unknown";
}

namespace {

void require_at_most(const char* name, count_t value, const char* limit_name, count_t limit) {
  if (value <= limit) return;
  throw std::invalid_argument(std::string("pool_config::") + name + " is " + std::to_string(value) +
                              ", more than " + limit_name + ", " + std::to_string(limit));
}

void require_positive(const char* name, pool_config::duration value) {
  if (value > pool_config::duration::zero()) return;
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(value).count();
  throw std::invalid_argument(std::string("pool_config::") + name + " is " + std::to_string(ns) +
                              " ns, but must be above 0; for no limit, say unlimited");
}

}  // namespace

void detail::require_valid(const pool_config& config, bool has_health_check) {
  if (config.max_size == 0) {
    throw std::invalid_argument("pool_config::max_size is 0, at least 1 is needed");
  }
  require_at_most("max_size", config.max_size, "the limit of a semaphore",
                  counting_word::max_permits);
  require_at_most("min_size", config.min_size, "max_size", config.max_size);
  require_at_most("warm_up_size", config.warm_up_size, "max_size", config.max_size);
  require_positive("acquire_timeout", config.acquire_timeout);
  require_positive("idle_timeout", config.idle_timeout);
  require_positive("max_lifetime", config.max_lifetime);
  require_positive("health_check_interval", config.health_check_interval);
  require_positive("maintenance_interval", config.maintenance_interval);
  require_positive("warm_up_timeout", config.warm_up_timeout);
  const bool wants_checks =
      config.health_check_on_acquire || config.health_check_interval != pool_config::unlimited;
  if (wants_checks && !has_health_check) {
    throw std::invalid_argument(
        "pool_config demands health checks, but the pool was given none; give it one, or leave "
        "health_check_on_acquire false and health_check_interval unlimited");
  }
}

PAWL_END

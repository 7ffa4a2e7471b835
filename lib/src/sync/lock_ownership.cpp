#include <pawl/sync/lock_ownership.hpp>

#include <stdexcept>
#include <string>

PAWL_BEGIN

void detail::throw_holds_nothing(const char* attempted) {
  throw std::logic_error(std::string(attempted) + "() of a guard that holds no lock");
}

void detail::throw_held_by_caller(const char* lock) {
  throw std::logic_error(std::string(lock) +
                         ": lock_blocking() by the thread that holds the lock already");
}

PAWL_END

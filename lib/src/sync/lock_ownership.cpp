#include <pawl/sync/lock_ownership.hpp>

#include <stdexcept>
#include <string>

PAWL_BEGIN

void detail::throw_holds_nothing(const char* attempted) {
  throw std::logic_error(std::string(attempted) +
                         "() of a guard that holds no lock; lock again first");
}

PAWL_END

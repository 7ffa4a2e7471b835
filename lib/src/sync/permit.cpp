#include <pawl/sync/permit.hpp>
#include <pawl/sync/semaphore.hpp>

#include <stdexcept>
#include <string>

PAWL_BEGIN

namespace detail {

template <class Owner>
result<basic_permit<Owner>> basic_permit<Owner>::split(count_t k) {
  if (k > count()) return failure(errc::exceeds_limit, k, count());
  if (owner_ == nullptr) return basic_permit();
  basic_permit part(owner_, held_.less(count() - k));
  held_ = held_.less(k);
  return part;
}

template <class Owner>
void basic_permit<Owner>::merge(basic_permit&& other) {
  if (this == &other || !other) return;
  if (owner_ != other.owner_) {
    throw std::invalid_argument(
        "permit::merge: the permits are of different semaphores; release each by itself");
  }
  if (other.count() > semaphore::max_permits - count()) {
    throw std::length_error("permit::merge: " + std::to_string(count()) + " and " +
                            std::to_string(other.count()) + " permits are more than " +
                            std::to_string(semaphore::max_permits));
  }
  held_ = held_.more(std::move(other).forget());
}

template class basic_permit<semaphore*>;
template class basic_permit<std::shared_ptr<semaphore>>;

}  // namespace detail

PAWL_END

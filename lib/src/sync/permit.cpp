#include <pawl/sync/permit.hpp>
#include <pawl/sync/semaphore.hpp>

#include <stdexcept>
#include <string>

PAWL_BEGIN

namespace detail {

template <class Owner>
result<basic_permit<Owner>> basic_permit<Owner>::split(count_t k) {
  if (k > count()) return failure(errc::exceeds_limit, k, count());
  count_ -= k;
  return basic_permit(owner_, k, exceptions_);
}

template <class Owner>
void basic_permit<Owner>::merge(basic_permit&& other) {
  if (this == &other || !other) return;
  if (owner_ != other.owner_) {
    throw std::invalid_argument("permit::merge: the permits are of different semaphores");
  }
  if (other.count_ > semaphore::max_permits - count_) {
    throw std::length_error("permit::merge: " + std::to_string(count_) + " and " +
                            std::to_string(other.count_) + " permits are more than " +
                            std::to_string(semaphore::max_permits));
  }
  count_ += std::move(other).forget();
}

template <class Owner>
void basic_permit<Owner>::unwind() noexcept {
  if (owner_->core_.is_lenient()) {
    owner_->release(count_);
  } else {
    owner_->poison();
  }
}

template class basic_permit<semaphore*>;
template class basic_permit<std::shared_ptr<semaphore>>;

}  // namespace detail

PAWL_END

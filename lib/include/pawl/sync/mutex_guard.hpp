#pragma once
// Ownership of a mutex that is locked, and access to what it protects.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/holding.hpp>
#include <pawl/sync/lock_ownership.hpp>
#include <pawl/sync/single_permit.hpp>

#include <cassert>
#include <memory>
#include <type_traits>
#include <utility>

PAWL_BEGIN

template <class T>
class mutex;

namespace detail {

class mutex_base;

template <class Grant>
struct granting;

template <class Grant>
struct owned_acquire;

// A lock and all of what the mutex protects.
template <class Owner, class T>
class [[nodiscard]] basic_mutex_guard
    : public lock_ownership<basic_mutex_guard<Owner, T>, Owner, exclusive_access> {
  using reference = std::add_lvalue_reference_t<T>;

 public:
  using store_type = single_permit;
  static constexpr count_t unit = 1;

  // Holds nothing; so does a guard that was moved from, unlocked, forgotten or mapped.
  basic_mutex_guard() noexcept = default;

  // Precondition: *this holds the lock; so it is for all access.
  reference operator*() const noexcept
    requires(!std::is_void_v<T>)
  {
    assert(*this && "there is no access without the lock");
    return this->owner_->value_;
  }
  auto operator->() const noexcept
    requires(!std::is_void_v<T>)
  {
    return std::addressof(**this);
  }

 private:
  friend class pawl::PAWL_BACKEND_NAMESPACE::mutex<T>;
  friend granting<basic_mutex_guard>;
  friend unlocked_guard<basic_mutex_guard>;
  template <class Grant>
  friend struct owned_acquire;

  static constexpr const char* no_owner = "lock_owned: a null pointer, but there must be a mutex";

  basic_mutex_guard(Owner owner, held_permits held) noexcept
      : lock_ownership<basic_mutex_guard, Owner, exclusive_access>(std::move(owner), held) {
    this->note_access();
  }
};

}  // namespace detail

template <class T>
using mutex_guard = detail::basic_mutex_guard<mutex<T>*, T>;
template <class T>
using owned_mutex_guard = detail::basic_mutex_guard<std::shared_ptr<mutex<T>>, T>;

// `mapped_mutex_guard<T>`: whatever the mutex protects, this part of it is a T.
template <class T>
using mapped_mutex_guard =
    detail::basic_mapped_guard<detail::mutex_base*, detail::exclusive_access, T>;
template <class T>
using owned_mapped_mutex_guard =
    detail::basic_mapped_guard<std::shared_ptr<detail::mutex_base>, detail::exclusive_access, T>;

PAWL_END

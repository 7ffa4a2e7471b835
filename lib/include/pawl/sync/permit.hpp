#pragma once
// Ownership of permits.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/holding.hpp>
#include <pawl/sync/waiter.hpp>

#include <memory>
#include <utility>

PAWL_BEGIN

class semaphore;

namespace detail {

template <class Grant>
struct granting;

template <class Grant>
struct owned_acquire;

// Permits of one semaphore, owned: given back when the object is destroyed. They come from
// acquiring only, so none can be forged.
//
// If the destructor runs because of an exception that was not in flight when the permit was
// acquired, and the semaphore was made with on_unwind::poison, it poisons the semaphore instead.
//
// Owner is semaphore* (the semaphore must outlive the permit) or std::shared_ptr<semaphore>. Not
// synchronized: one permit object is one thread's at a time. What happens before the release of a
// permit happens before the return of the acquire that takes it (SEM-HB).
//
// Complexity: O(1), without a look at the semaphore, but for what gives permits back (destruction,
//   assignment, release), which costs what semaphore::release does.
template <class Owner>
class [[nodiscard]] basic_permit : public holding<Owner> {
 public:
  using store_type = counting_permits;

  // Owns nothing, of no semaphore; so does a permit that was moved from, released or forgotten.
  basic_permit() noexcept = default;

  // Effects: moving in releases what *this holds, then takes over; destruction is as release(), or
  //   poisons the semaphore (see above).
  basic_permit(basic_permit&&) noexcept = default;
  basic_permit& operator=(basic_permit&&) noexcept = default;
  ~basic_permit() = default;

  // Returns: how many permits *this holds; 0 is possible for an owner, too.
  [[nodiscard]] count_t count() const noexcept { return owner_ != nullptr ? held_.count() : 0; }

  // Effects: moves k of the permits into the result.
  // Returns: that; exceeds_limit{k, count()} if k > count(), and nothing has changed.
  [[nodiscard]] result<basic_permit> split(count_t k);

  // Effects: moves all permits of `other` into *this; nothing if `other` belongs to no semaphore.
  // Throws: std::invalid_argument if it belongs to another semaphore; std::length_error if the sum
  //   exceeds max_permits. Then nothing has changed.
  void merge(basic_permit&& other);

  // Effects: the permits are never given back. Returns: how many there were.
  count_t forget() && noexcept {
    const count_t forgotten = count();
    static_cast<void>(this->disown());
    return forgotten;
  }

  // Effects: gives the permits back now, exceptions or not. Resumes inline what has no scheduler.
  void release() noexcept { this->give_back(); }

 private:
  using holding<Owner>::owner_;
  using holding<Owner>::held_;

  friend class pawl::PAWL_BACKEND_NAMESPACE::semaphore;
  template <class Grant>
  friend struct owned_acquire;
  friend granting<basic_permit>;

  static constexpr const char* no_owner =
      "acquire_owned: a null pointer, but there must be a semaphore";

  // Precondition: there is an owner.
  basic_permit(Owner owner, held_permits held) noexcept : holding<Owner>(std::move(owner), held) {}

  // A fresh grant.
  basic_permit(Owner owner, count_t count) noexcept
      : basic_permit(std::move(owner), held_permits(count, uncaught_exceptions())) {}
};

}  // namespace detail

extern template class detail::basic_permit<semaphore*>;
extern template class detail::basic_permit<std::shared_ptr<semaphore>>;

using permit = detail::basic_permit<semaphore*>;
using owned_permit = detail::basic_permit<std::shared_ptr<semaphore>>;

PAWL_END

#pragma once
// A guard or permit that is in the books until it is given back.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/obligation.hpp>
#include <pawl/sync/permit.hpp>
#include <pawl/sync/unlocked_guard.hpp>

#include <exception>
#include <source_location>
#include <stdexcept>
#include <string_view>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class Holding>
inline constexpr obligation_kind kind_of = obligation_kind::lock;
template <class Owner>
inline constexpr obligation_kind kind_of<basic_permit<Owner>> = obligation_kind::semaphore_permit;

}  // namespace detail

// What owns something and gives it back when it is destroyed (a permit, a guard, any other such
// type that is moved without exceptions), and the obligation to do so. The obligation is committed
// right before, while it is held (OBLIGATION-HELD); or aborted, if it is destroyed by an exception
// that was not in flight when it was made. See track. A wait for a condition_variable is part of
// it: who waits will have the lock to give back.
template <class Holding>
class [[nodiscard]] tracked {
 public:
  // Holds nothing; so does one that was moved from, or given back.
  tracked() noexcept = default;
  tracked(Holding held, obligation entry) noexcept
      : held_(std::move(held)), entry_(std::move(entry)), exceptions_(std::uncaught_exceptions()) {}
  tracked(tracked&&) noexcept = default;
  tracked& operator=(tracked&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    held_ = std::move(other.held_);
    entry_ = std::move(other.entry_);
    exceptions_ = other.exceptions_;
    return *this;
  }
  ~tracked() { give_back(); }

  explicit operator bool() const noexcept { return static_cast<bool>(held_); }

  // What is held: to be used, and given back through *this only.
  const Holding& operator*() const noexcept { return held_; }
  const Holding* operator->() const noexcept { return &held_; }

  [[nodiscard]] obligation_id id() const noexcept { return entry_.id(); }

  // Effects: gives back now, as the destructor does.
  void give_back() noexcept {
    if (!fault::settled_after_return) settle();
    { const Holding last(std::move(held_)); }
    if (fault::settled_after_return) settle();
  }

  // Effects: takes it out of the books: the obligation is committed. Returns: what is held.
  Holding release() && noexcept {
    settle();
    return std::move(held_);
  }

 private:
  friend detail::unlocked_guard<tracked>;

  void settle() noexcept {
    if (fault::unsettled) {
      entry_ = obligation();
    } else if (std::uncaught_exceptions() > exceptions_) {
      entry_.try_abort("an exception");
    } else {
      entry_.try_commit();
    }
    static_cast<void>(std::move(entry_).detach());
  }

  Holding held_;
  obligation entry_;
  int exceptions_ = 0;
};

namespace detail {

template <class Guard>
inline constexpr bool is_whole_guard<tracked<Guard>> = is_whole_guard<Guard>;

template <class Guard>
class unlocked_guard<tracked<Guard>> : public unlocked_guard<Guard> {
 public:
  explicit unlocked_guard(tracked<Guard>& guard)
      : unlocked_guard<Guard>(guard.held_), guard_(guard) {}

  void end() noexcept {
    unlocked_guard<Guard>::end();
    guard_.exceptions_ = std::uncaught_exceptions();
  }

  // What can't be locked any more need not be given back.
  void lose() noexcept { guard_.settle(); }

 private:
  tracked<Guard>& guard_;
};

}  // namespace detail

// Effects: enters `held` into the books, a ledger or a region.
// Throws: std::logic_error if the region is closed; `held` was given back.
template <class Books, class Holding>
tracked<Holding> track(Books& books, Holding held, std::string_view what = {},
                       obligation_kind kind = detail::kind_of<Holding>,
                       lock_holder who = lock_holder::this_thread(),
                       std::source_location where = std::source_location::current()) {
  auto entry = books.try_reserve(kind, what, who, where);
  if (!entry) {
    {
      const Holding last(std::move(held));
    }
    throw std::logic_error("track: the region is closed; track before close()");
  }
  return tracked<Holding>(std::move(held), *std::move(entry));
}

PAWL_END

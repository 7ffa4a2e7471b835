#pragma once
// Model backend: read-modify-writes that no instruction does are one event each. (The native
// headers document what they mean.)
//
// The loops of the other backends have more executions: those in which a guess is wrong, so that
// they try again. Take the reads away that led to nothing: the step that is left reads the same
// value, and every other thread what it read before, with fewer constraints and less
// happens-before. What is left is an execution of the same loop, in which the guess was right. So
// the others show nothing new, and they are many times as many. The loops themselves are explored
// where the native backend is (models/native).

#include <pawl/backend/model/atomic.hpp>
#include <pawl/backend/model/cell.hpp>

#include <optional>

PAWL_BEGIN

template <class T, class Change>
auto update(atomic<T>& a, T& before, Change change, memory_order success, memory_order failure,
            source_location at = source_location::current()) noexcept -> decltype(change(before)) {
  const auto changes = [change](T value) { return change(value).has_value(); };
  const auto next = [change](T value) { return *change(value); };
  const auto done = detail::rt::try_update(a.object(), detail::to_predicate<T>(changes),
                                           detail::to_update<T>(next), success, failure, at);
  before = detail::from_word<T>(done.read);
  if (!done.wrote) return std::nullopt;
  return change(before);
}

// Who interferes is a wrong guess, too: the other way leads to the same end. So is, of those who
// fail, what they read: the checker has one execution for all of it.
template <class T, class Accepts, class Change>
bool attempt(atomic<T>& a, Accepts accepts, Change change, memory_order success,
             source_location at = source_location::current()) noexcept {
  return detail::rt::attempt_update(a.object(), detail::to_predicate<T>(accepts),
                                    detail::to_update<T>(change), success, at);
}

// The link is written before the step, which decides what was written.
template <class T, class U, class Below, class Change>
T push(atomic<T>& a, cell<U>& link, Below below, Change change, memory_order order,
       source_location at = source_location::current()) noexcept {
  link.write(below(T{}), at);
  T before{};
  update(
      a, before, [change](T value) { return std::optional<T>(change(value)); }, order,
      memory_order_relaxed, at);
  // Nobody else has run since.
  link.settle(below(before));
  return before;
}

PAWL_END

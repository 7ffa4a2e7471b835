// What a model says about the program it runs: requirements, assumptions, choices, names.
#pragma once

#include <cstdint>
#include <source_location>
#include <string_view>

#pragma GCC visibility push(default)  // Programs that are checked as they are call it, too.

namespace pawl::check {

/// A false condition is a bug: the exploration stops and reports it with `what`.
void require(bool condition, std::string_view what = {},
             std::source_location = std::source_location::current());

/// A false condition ends this execution silently; it counts as blocked. If none is left at
/// all, the model is wrong: it checks nothing (failure_kind::vacuous).
void assume(bool condition, std::source_location = std::source_location::current());

/// Returns each of 0 … n-1, one per execution. Precondition: n > 0.
[[nodiscard]] std::uint32_t choose(std::uint32_t n,
                                   std::source_location = std::source_location::current());

/// Names the object at this address, or the calling thread, in reports.
void name(const void* object, std::string_view);
void name_thread(std::string_view);

/// While it lives, operator new of this thread uses the process heap. For what outlives the
/// execution: a program that collects results in a container outside of it does so under an
/// `unmodelled`.
class unmodelled {
 public:
  unmodelled() noexcept;
  unmodelled(const unmodelled&) = delete;
  ~unmodelled();

 private:
  const void* former_;
};

/// True while explore() runs the caller.
[[nodiscard]] bool exploring() noexcept;

/// What the running model was asked to do about resumption (see options::resumption).
[[nodiscard]] bool resumes_in_waker() noexcept;

/// A section that must return whatever the other threads do. If an execution ends while a thread is
/// inside one, that is a `no_progress` bug; `steps` bounds the own events the section may take.
class must_return {
 public:
  explicit must_return(std::string_view what, unsigned steps = 1000,
                       std::source_location = std::source_location::current());
  must_return(const must_return&) = delete;
  ~must_return();
};

}  // namespace pawl::check

#pragma GCC visibility pop

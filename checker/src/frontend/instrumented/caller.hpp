// A call of a function that the checker supplies in place of a library's.
#pragma once

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

#include "../../engine/describe.hpp"
#include "../../fiber/memory.hpp"
#include "hooks.hpp"
#include "iterations.hpp"

namespace pawl::check::instrumented {

class caller {
 public:
  /// `code`: the return address of the function that is called.
  [[gnu::always_inline]] explicit caller(const void* code)
      : runtime_(active()), code_(code), frame_(__builtin_frame_address(0)) {
    if (runtime_ != nullptr) ++runtime_->reads_elsewhere;
  }

  /// True if a model thread calls.
  [[nodiscard]] bool is_model() const { return runtime_ != nullptr; }
  /// The same, and the object is the program's. Objects of libraries are native: no event of the
  /// model takes place while they are in use.
  [[nodiscard]] bool models(const void* object) const {
    return is_model() && the_shadow.covers(object);
  }

  [[nodiscard]] runtime& run() const { return *runtime_; }
  [[nodiscard]] rt::thread_id thread() const { return runtime_->running(); }
  [[nodiscard]] const void* code() const { return code_; }

  /// Where the program calls. If a library has called for it, the stack tells, which takes long:
  /// only when an execution is told.
  [[nodiscard]] rt::site where() const {
    return runtime_->observe == nullptr ? the_sites.at(code_) : the_sites.program_frame(code_);
  }

  /// Says where the program stands before an operation that its loops may begin with, for as long
  /// as the result lives. In functions that have saved all registers (PAWL_WAITS).
  class standing {
   public:
    standing(runtime& r, const void* frame) : runtime_(r) { r.stand_in(frame); }
    ~standing() { runtime_.outer_frame = nullptr; }
    standing(const standing&) = delete;

   private:
    runtime& runtime_;
  };
  [[nodiscard]] standing stand() const { return {*runtime_, frame_}; }

  /// Says that the lock is destroyed, to who may have called it in what was taken out.
  void destroys(const void* lock) const {
    if (runtime_->watches_spins()) runtime_->note_plain(lock, 1, true);
  }

  /// The checker's state of what lies at p.
  [[nodiscard]] rt::atomic_object& object(const void* p, rt::show_as kind,
                                          rt::word initial = 0) const {
    if (!std::exchange(stands_before_operation_, true)) note_iteration(*runtime_, frame_, code_);
    return the_shadow.primitive(*runtime_, p, kind, initial, code_);
  }
  /// Effects: it is initialised, and has `size` bytes of the program's memory.
  rt::atomic_object& begin(const void* p, std::size_t size, rt::show_as kind,
                           rt::word initial = 0) const {
    writes(const_cast<void*>(p), size);
    return the_shadow.begin_primitive(*runtime_, p, kind, initial, code_);
  }

  void reads(const void* p, std::size_t size) const { shadow::plain(p, size, false, code_); }
  void writes(void* p, std::size_t size) const {
    runtime_->end_history();
    shadow::plain(p, size, true, code_);
  }
  /// Effects: *p = value, for the program.
  template <class T, class U>
  void put(T* p, U value) const {
    writes(p, sizeof *p);
    *p = static_cast<T>(value);
  }

  [[nodiscard]] std::string name_of(rt::thread_id t) const {
    return engine::thread_name(*runtime_, static_cast<engine::thread_index>(t));
  }

  /// Effects: the execution fails: "thread 1 joins a thread that was never created (a.c:7)".
  template <class... Arguments>
  [[noreturn]] void fail(failure_kind kind, fmt::format_string<Arguments...> does,
                         Arguments&&... arguments) const {
    const fiber::outside_heap outside;
    runtime_->fail(kind, fmt::format("{} {} ({})", name_of(thread()),
                                     fmt::format(does, std::forward<Arguments>(arguments)...),
                                     engine::place(where())));
  }
  template <class... Arguments>
  [[noreturn]] void misuse(fmt::format_string<Arguments...> does, Arguments&&... arguments) const {
    fail(failure_kind::misuse, does, std::forward<Arguments>(arguments)...);
  }
  /// Effects: the same, since what the program asks for is beyond the checker.
  [[noreturn]] void refuse(std::string_view call) const {
    fail(failure_kind::limit, "calls {}(), which is not modelled", call);
  }

 private:
  runtime* runtime_;
  const void *code_, *frame_;
  mutable bool stands_before_operation_ = false;  // It has been noted.
};

/// A T that every execution makes anew, or clears if it is a container, which keeps its memory.
template <class T>
class per_run {
 public:
  [[nodiscard]] T& get(const runtime& r) {
    if (run_ != r.course.number) {
      const fiber::outside_heap outside;
      if constexpr (requires { value_.clear(); })
        value_.clear();
      else
        value_ = T();
      run_ = r.course.number;
    }
    return value_;
  }
  [[nodiscard]] T& get(const caller& c) { return get(c.run()); }

 private:
  std::uint32_t run_ = 0;
  T value_{};
};

/// The same for each thread of the model, each in lines of the cache of its own.
template <class T>
class per_thread {
 public:
  [[nodiscard]] T& of(const caller& c, rt::thread_id t) { return all_[t].get(c); }
  [[nodiscard]] T& mine(const caller& c) { return of(c, c.thread()); }

 private:
  struct alignas(64) line : per_run<T> {};
  std::array<line, rt::max_threads> all_;
};

}  // namespace pawl::check::instrumented

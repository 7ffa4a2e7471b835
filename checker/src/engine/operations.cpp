// The operations of pawl/check/runtime.hpp and pawl/check/claims.hpp, for the running model thread.
#include <fmt/format.h>

#include <pawl/check/claims.hpp>
#include <pawl/check/runtime.hpp>

#include "describe.hpp"
#include "runtime.hpp"
#include "whole_program.hpp"

// A hook that no caller sees into: what the caller still needs is in callee-saved registers or on
// the stack.
#if defined(__clang__)
#define PAWL_OPAQUE_HOOK [[gnu::noinline]]
#else
#define PAWL_OPAQUE_HOOK [[gnu::noipa]]
#endif

namespace pawl::check::rt {

using engine::operation;
using engine::request;
using engine::runtime;

namespace {

runtime* active() {
  runtime* const r = runtime::current();
  return r != nullptr && r->inside() ? r : nullptr;
}

atomic_object& mutable_object(const atomic_object& o) { return const_cast<atomic_object&>(o); }

// Around what a hook does that is part of spinning.
class reading_hook {
 public:
  explicit reading_hook(runtime& r) : runtime_(r) {
    if (r.watches_spins()) r.leave_native();
  }
  ~reading_hook() {
    if (!runtime_.watches_spins()) return;
    runtime_.enter_native();
    engine::clear_stack_below();
  }
  reading_hook(const reading_hook&) = delete;

 private:
  runtime& runtime_;
};

// Outside an execution only set-up code runs, on one thread: the object itself holds the value.
attempt native_update(atomic_object& o, const request& q) {
  const word old = o.initial;
  const engine::outcome out = engine::evaluate(q, old);
  if (!out.holds) misuse("a wait outside of an execution, where nobody can end it", q.where);
  if (out.writes) o.initial = out.written;
  return {old, out.writes};
}

}  // namespace

void atomic_begin(atomic_object& o, site where) {
  if (runtime* const r = active()) r->begin(o, where);
}
void atomic_end(atomic_object& o, site where) noexcept {
  if (runtime* const r = active()) r->end(o, where);
}

PAWL_OPAQUE_HOOK word load(const atomic_object& o, std::memory_order order, site where) {
  __builtin_unwind_init();
  runtime* const r = active();
  if (r == nullptr) return o.initial;
  const reading_hook hook(*r);
  request q{.op = operation::load,
            .order = order,
            .size = o.size,
            .location = r->resolve(mutable_object(o), where),
            .where = where};
  r->stand_before_read(__builtin_frame_address(0), nullptr, 0);
  q.holds = r->awaited_of(o);
  return r->perform(q).read;
}

void store(atomic_object& o, word v, std::memory_order order, site where) {
  runtime* const r = active();
  if (r == nullptr) {
    o.initial = v;
    return;
  }
  request q{.op = operation::store,
            .order = order,
            .size = o.size,
            .location = r->resolve(o, where),
            .operand = v,
            .where = where};
  r->perform(q);
}

namespace {

// Of whole programs: a loop around updates that change nothing, or undo each other, may spin. That
// of a mutex and the like may be no operation that the program could begin its iterations with.
word update_in_loop(runtime& r, request& q, const void* frame) {
  const reading_hook hook(r);
  if (r.outer_frame != nullptr) r.stand_before_read(frame, nullptr, 0);
  const engine::event& e = r.perform(q);
  const word old = e.read;
  r.note_update(e);
  return old;
}

}  // namespace

PAWL_OPAQUE_HOOK word fetch(atomic_object& o, rmw kind, word operand, std::memory_order order,
                            site where) {
  __builtin_unwind_init();
  runtime* const r = active();
  if (r == nullptr)
    return native_update(o,
                         {.op = operation::fetch, .kind = kind, .size = o.size, .operand = operand})
        .read;
  request q{.op = operation::fetch,
            .order = order,
            .kind = kind,
            .size = o.size,
            .location = r->resolve(o, where),
            .operand = operand,
            .where = where};
  const void* const frame = __builtin_frame_address(0);
  if (r->watches_spins() && engine::the_whole_program != nullptr)
    return update_in_loop(*r, q, frame);
  r->outer_frame = nullptr;
  r->end_history();
  return r->perform(q).read;
}

PAWL_OPAQUE_HOOK bool compare_exchange(atomic_object& o, word& expected, word desired, bool weak,
                                       std::memory_order success, std::memory_order failure,
                                       site where) {
  __builtin_unwind_init();
  runtime* const r = active();
  if (r == nullptr) {
    const bool equal = o.initial == expected;
    (equal ? o.initial : expected) = equal ? desired : o.initial;
    return equal;
  }
  word seen = 0;
  {
    const reading_hook hook(*r);
    request q{.op = operation::compare_exchange,
              .order = success,
              .failure = failure,
              .weak = weak,
              .size = o.size,
              .location = r->resolve(o, where),
              .operand = desired,
              .expected = expected,
              .where = where};
    r->stand_before_read(__builtin_frame_address(0), &expected, o.size);
    const engine::event& e = r->perform(q);
    seen = e.read;
    if (e.writes) {
      r->end_history();
      return true;
    }
  }
  expected = seen;  // For the program to have written, wherever it lies.
  return false;
}

namespace {

attempt try_once(atomic_object& o, request q, const void* frame) {
  runtime* const r = active();
  if (r == nullptr) return native_update(o, q);
  const reading_hook hook(*r);
  q.location = r->resolve(o, q.where);
  r->stand_before_read(frame, nullptr, 0);
  const engine::event& e = r->perform(q);
  const attempt found{e.read, e.writes};
  if (found.wrote) r->note_update(e);
  return found;
}

}  // namespace

PAWL_OPAQUE_HOOK attempt try_update(atomic_object& o, predicate p, update u,
                                    std::memory_order success, std::memory_order failure,
                                    site where) {
  __builtin_unwind_init();
  return try_once(o,
                  {.op = operation::try_update,
                   .order = success,
                   .failure = failure,
                   .size = o.size,
                   .holds = p,
                   .next = u,
                   .where = where},
                  __builtin_frame_address(0));
}

PAWL_OPAQUE_HOOK bool attempt_update(atomic_object& o, predicate p, update u,
                                     std::memory_order success, site where) {
  __builtin_unwind_init();
  runtime* const r = active();
  const bool tells = r != nullptr && r->watches_spins();
  return try_once(o,
                  {.op = tells ? operation::try_update : operation::attempt,
                   .order = success,
                   .size = o.size,
                   .holds = p,
                   .next = u,
                   .where = where},
                  __builtin_frame_address(0))
      .wrote;
}

void fence(std::memory_order order, site where) {
  runtime* const r = active();
  if (r == nullptr) return;
  const reading_hook hook(*r);
  request q{.op = operation::fence, .order = order, .where = where};
  r->perform(q);
  auto& me = r->thread(r->running());
  me.history.fence(me.executed);
}

namespace {

word wait(const atomic_object& o, request q, site where) {
  runtime* const r = active();
  q.size = o.size;
  q.where = where;
  if (r == nullptr) return native_update(mutable_object(o), q).read;
  q.location = r->resolve(mutable_object(o), where);
  if (q.op == operation::await_update && r->watches_spins() && engine::the_whole_program != nullptr)
    return update_in_loop(*r, q, nullptr);
  r->outer_frame = nullptr;
  return r->perform(q).read;
}

// A deadline is a choice: it passes before the condition is seen, or the condition comes to hold.
bool deadline_passes(site where) { return active() != nullptr && choose(2, where) == 1; }

}  // namespace

word await(const atomic_object& o, predicate p, std::memory_order order, site where) {
  return wait(o, {.op = operation::await, .order = order, .holds = p}, where);
}
word await_update(atomic_object& o, predicate p, update u, std::memory_order order, site where) {
  return wait(o, {.op = operation::await_update, .order = order, .holds = p, .next = u}, where);
}
word await_change(atomic_object& o, predicate p, update u, std::memory_order order, site where) {
  return wait(o,
              {.op = operation::await_update, .order = order, .keeps = true, .holds = p, .next = u},
              where);
}
word assume_update(atomic_object& o, predicate p, update u, std::memory_order order, site where) {
  return wait(o,
              {.op = operation::await_update, .order = order, .timed = true, .holds = p, .next = u},
              where);
}
bool await_until(const atomic_object& o, predicate p, std::memory_order order, word& value,
                 site where) {
  if (deadline_passes(where)) return false;
  value = wait(o, {.op = operation::await, .order = order, .timed = true, .holds = p}, where);
  return true;
}
bool await_update_until(atomic_object& o, predicate p, update u, std::memory_order order,
                        word& value, site where) {
  if (deadline_passes(where)) return false;
  value = assume_update(o, p, u, order, where);
  return true;
}

word arrive(atomic_object& o, word n, bool drops, site where) {
  runtime* const r = active();
  if (r == nullptr) misuse("an arrival outside of an execution", where);
  request q{.op = operation::arrive,
            .order = std::memory_order_release,
            .drops = drops,
            .size = o.size,
            .location = r->resolve(o, where),
            .operand = n,
            .where = where};
  return r->perform(q).read;
}

namespace {

void wait_for_arrivals(const atomic_object& o, word phase, bool timed, site where) {
  runtime* const r = active();
  if (r == nullptr) misuse("a wait for arrivals outside of an execution", where);
  request q{.op = operation::await_arrivals,
            .order = std::memory_order_acquire,
            .timed = timed,
            .size = o.size,
            .location = r->resolve(mutable_object(o), where),
            .operand = phase,
            .where = where};
  r->perform(q);
}

}  // namespace

void await_arrivals(const atomic_object& o, word phase, site where) {
  wait_for_arrivals(o, phase, false, where);
}
bool await_arrivals_until(const atomic_object& o, word phase, site where) {
  if (deadline_passes(where)) return false;
  wait_for_arrivals(o, phase, true, where);
  return true;
}
bool orders_arrivals() {
  const runtime* const r = active();
  return r != nullptr && r->orders_arrivals();
}

void plain_begin(plain_object& o, site where) noexcept {
  if (runtime* const r = active()) r->plain_begin(o, where);
}
void plain_read(const plain_object& o, site where) {
  runtime* const r = active();
  if (r == nullptr) return;
  const reading_hook hook(*r);
  r->plain_access(const_cast<plain_object&>(o), false, where);
}
void plain_write(plain_object& o, site where) {
  if (runtime* const r = active()) r->plain_access(o, true, where);
}
void plain_end(plain_object& o, site where) noexcept {
  if (runtime* const r = active()) r->plain_end(o, where);
}

thread_id spawn(void (*body)(void*), void* context, site where) {
  runtime* const r = active();
  if (r == nullptr) misuse("a thread is started outside of an execution", where);
  return r->spawn(body, context, where);
}

void spawn_symmetric(std::uint32_t n, void (*body)(void*), void* context, thread_id* out,
                     site where) {
  runtime* const r = active();
  if (r == nullptr) misuse("a thread is started outside of an execution", where);
  for (std::uint32_t i = 0; i < n; ++i) out[i] = r->spawn(body, context, where, i > 0);
}

void join(thread_id t, site where) {
  runtime* const r = active();
  if (r == nullptr) misuse("a thread is joined outside of an execution", where);
  request q{.op = operation::join, .operand = t, .where = where};
  r->perform(q);
}

thread_id current_thread() noexcept {
  runtime* const r = active();
  return r == nullptr ? 0 : r->running();
}

void yield(site) {}

void* thread_storage(const void* key, std::size_t size, void (*construct)(void*),
                     void (*destroy)(void*)) {
  runtime* const r = active();
  if (r == nullptr) misuse("thread storage outside of an execution", site::current());
  return r->thread_storage(key, size, construct, destroy);
}

void* scratch(std::size_t size) {
  runtime* const r = active();
  if (r == nullptr) misuse("model memory outside of an execution", site::current());
  return r->scratch(size);
}

std::chrono::nanoseconds now() noexcept {
  runtime* const r = active();
  return r == nullptr ? std::chrono::nanoseconds{0} : r->thread(r->running()).time;
}
void advance(std::chrono::nanoseconds to) noexcept {
  if (runtime* const r = active()) {
    r->end_history();
    auto& time = r->thread(r->running()).time;
    time = std::max(time, to);
  }
}

void misuse(const char* what, site where) {
  runtime* const r = active();
  fiber::outside_heap outside;
  if (r != nullptr)
    r->fail(failure_kind::misuse, fmt::format("{} ({})", what, engine::place(where)));
  fmt::print(stderr, "pawl: {} ({}:{})\n", what, where.file_name(), where.line());
  std::abort();
}

void misuse(const atomic_object& o, const char* does, word value, site where) {
  runtime* const r = active();
  fiber::outside_heap outside;
  if (r != nullptr) {
    const engine::location_id l = r->resolve(mutable_object(o), where);
    r->fail(failure_kind::misuse,
            fmt::format("{} {} {}, which is {} ({})", engine::thread_name(*r, r->running()), does,
                        engine::object_name(*r, l), engine::value_text(*r, l, value),
                        engine::place(where)),
            {fmt::format("{} was constructed at {}", engine::object_name(*r, l),
                         engine::place(r->known.infos[l].where))},
            &o);
  }
  misuse(fmt::format("a program {} an object of pawl::check", does).c_str(), where);
}

bool on_model_thread() noexcept { return active() != nullptr; }

}  // namespace pawl::check::rt

namespace pawl::check {

using engine::runtime;

namespace {
runtime& running(const char* what, std::source_location where = std::source_location::current()) {
  runtime* const r = runtime::current();
  if (r == nullptr || !r->inside()) rt::misuse(what, where);
  return *r;
}
}  // namespace

void require(bool condition, std::string_view what, std::source_location where) {
  if (condition) return;
  fiber::outside_heap outside;
  runtime& r = running("require() failed outside of an execution", where);
  r.fail(failure_kind::assertion,
         fmt::format("{} ({}, {})", what.empty() ? "a requirement does not hold" : what,
                     engine::thread_name(r, r.running()), engine::place(where)));
}

void assume(bool condition, std::source_location where) {
  if (condition) return;
  runtime& r = running("assume() outside of an execution", where);
  r.assumed_at = where;
  r.assume_false();
}

std::uint32_t choose(std::uint32_t n, std::source_location where) {
  runtime& r = running("choose() outside of an execution", where);
  if (n == 0) rt::misuse("choose(0): there is nothing to choose from", where);
  engine::request q{.op = engine::operation::choose, .operand = n, .where = where};
  return static_cast<std::uint32_t>(r.perform(q).read);
}

void name(const void* object, std::string_view text) {
  fiber::outside_heap outside;
  running("name() outside of an execution").known.objects[object] = text;
}
void name_thread(std::string_view text) {
  fiber::outside_heap outside;
  runtime& r = running("name_thread() outside of an execution");
  r.known.threads[r.running()] = text;
}

// What is allocated in such a section is not seen.
unmodelled::unmodelled() noexcept : former_(fiber::active_heap) {
  fiber::active_heap = nullptr;
  ++fiber::out_of_reach;
  if (runtime* const r = runtime::current(); r != nullptr && r->inside()) {
    r->end_history();
    if (engine::the_whole_program != nullptr) engine::plain_accesses = 0;
  }
}
unmodelled::~unmodelled() { fiber::active_heap = static_cast<const fiber::heap_hooks*>(former_); }

bool exploring() noexcept {
  runtime* const r = runtime::current();
  return r != nullptr && r->inside();
}

bool resumes_in_waker() noexcept {
  runtime* const r = runtime::current();
  return r != nullptr && r->asked().resumption == resumption::in_waker;
}

must_return::must_return(std::string_view what, unsigned steps, std::source_location where) {
  fiber::outside_heap outside;
  runtime& r = running("must_return outside of an execution", where);
  auto& me = r.thread(r.running());
  const auto until = static_cast<std::uint16_t>(std::min<unsigned>(me.executed + steps, 0xffff));
  me.sections.push_back({what.data(), what.size(), until, where});
}
must_return::~must_return() {
  runtime* const r = runtime::current();
  if (r != nullptr && r->inside()) r->thread(r->running()).sections.pop_back();
}

}  // namespace pawl::check

#include "operation.hpp"

#include <cstdint>
#include <utility>

namespace semaphore_programs {

namespace {

using kind = operation::kind;
using pawl::count_t;

constexpr vocabulary<kind, 18> words{{
    {kind::acquire, "acquire", 8},
    {kind::acquire_stoppable, "acquire_stoppable", 6},
    {kind::acquire_up_to, "acquire_up_to", 4},
    {kind::acquire_briefly, "acquire_briefly", 1},
    {kind::try_acquire, "try_acquire", 4},
    {kind::acquire_all, "acquire_all", 1},
    {kind::give_back, "give_back", 8, true},
    {kind::split, "split", 3, true},
    {kind::merge, "merge", 3, true},
    {kind::forget, "forget", 1, true},
    {kind::release, "release", 5},
    {kind::try_release, "try_release", 2},
    {kind::forget_free, "forget_free", 1},
    {kind::shrink, "shrink", 1},
    {kind::stop, "stop", 5, true},
    {kind::destroy, "destroy", 2, true},
    {kind::poison, "poison", 1},
    {kind::close, "close", 1},
}};

// Whether it is told with its n.
bool has_count(kind k) {
  switch (k) {
    case kind::acquire_all:
    case kind::give_back:
    case kind::forget:
    case kind::stop:
    case kind::destroy:
    case kind::poison:
    case kind::close:
      return false;
    default:
      return true;
  }
}

rc::Gen<count_t> small_number() { return rc::gen::inRange<count_t>(0, 5); }

rc::Gen<operation> make(rc::Gen<kind> kinds, rc::Gen<count_t> numbers) {
  const auto combine = [](kind k, count_t n, std::size_t which) { return operation{k, n, which}; };
  const auto made = rc::gen::apply(combine, std::move(kinds), std::move(numbers),
                                   rc::gen::inRange<std::size_t>(0, 8));
  return rc::gen::resize(rc::kNominalSize, made);  // the size is for the length of programs
}

}  // namespace

void showValue(const operation& op, std::ostream& out) {
  show(op, words, out);
  if (has_count(op.what)) out << '(' << op.n << ')';
}

void showValue(const concurrent_program& program, std::ostream& out) {
  out << program.permits << " permits";
  show(program.threads, out);
}

rc::Gen<count_t> any_number() {
  constexpr count_t most = pawl::semaphore::max_permits;
  return rc::gen::weightedOneOf<count_t>(
      {{30, small_number()},
       {1, rc::gen::element(most - 1, most, most + 1, ~count_t{0}, count_t{1} << 63)}});
}

rc::Gen<thread_program> any_program() {
  return rc::gen::container<thread_program>(make(any_kind(words), any_number()));
}

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  const auto one = rc::gen::resize(
      length, rc::gen::container<thread_program>(make(any_concurrent_kind(words), small_number())));
  const auto combine = [](count_t permits, std::vector<thread_program> all) {
    return concurrent_program{permits, std::move(all)};
  };
  return rc::gen::apply(combine, rc::gen::resize(rc::kNominalSize, small_number()),
                        rc::gen::container<std::vector<thread_program>>(threads, one));
}

}  // namespace semaphore_programs

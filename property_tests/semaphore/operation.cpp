#include "operation.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace semaphore_programs {

namespace {

using kind = operation::kind;
using pawl::count_t;

constexpr std::array<std::string_view, 18> names{"acquire",       "acquire_stoppable",
                                                 "acquire_up_to", "acquire_briefly",
                                                 "try_acquire",   "acquire_all",
                                                 "give_back",     "split",
                                                 "merge",         "forget",
                                                 "release",       "try_release",
                                                 "forget_free",   "shrink",
                                                 "stop",          "destroy",
                                                 "poison",        "close"};

bool has_number(kind k) {
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

bool has_subject(kind k) {
  return k == kind::give_back || k == kind::split || k == kind::merge || k == kind::forget ||
         k == kind::stop || k == kind::destroy;
}

rc::Gen<kind> any_kind() {
  return rc::gen::weightedElement<kind>({{8, kind::acquire},
                                         {6, kind::acquire_stoppable},
                                         {4, kind::acquire_up_to},
                                         {1, kind::acquire_briefly},
                                         {4, kind::try_acquire},
                                         {1, kind::acquire_all},
                                         {8, kind::give_back},
                                         {3, kind::split},
                                         {3, kind::merge},
                                         {1, kind::forget},
                                         {5, kind::release},
                                         {2, kind::try_release},
                                         {1, kind::forget_free},
                                         {1, kind::shrink},
                                         {5, kind::stop},
                                         {2, kind::destroy},
                                         {1, kind::poison},
                                         {1, kind::close}});
}

rc::Gen<kind> any_concurrent_kind() {
  return rc::gen::suchThat(any_kind(), [](kind k) { return k != kind::destroy; });
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
  out << names[static_cast<std::size_t>(op.what)];
  if (has_subject(op.what)) out << '#' << op.which;
  if (has_number(op.what)) out << '(' << op.n << ')';
}

void showValue(const concurrent_program& program, std::ostream& out) {
  out << program.permits << " permits";
  for (const thread_program& each : program.threads) {
    out << "\n  thread: ";
    rc::show(each, out);
  }
}

rc::Gen<count_t> any_number() {
  constexpr count_t most = pawl::semaphore::max_permits;
  return rc::gen::weightedOneOf<count_t>(
      {{30, small_number()},
       {1, rc::gen::element(most - 1, most, most + 1, ~count_t{0}, count_t{1} << 63)}});
}

rc::Gen<thread_program> any_program() {
  return rc::gen::container<thread_program>(make(any_kind(), any_number()));
}

rc::Gen<concurrent_program> any_concurrent_program(std::size_t threads, int length) {
  const auto one = rc::gen::resize(
      length, rc::gen::container<thread_program>(make(any_concurrent_kind(), small_number())));
  const auto combine = [](count_t permits, std::vector<thread_program> all) {
    return concurrent_program{permits, std::move(all)};
  };
  return rc::gen::apply(combine, rc::gen::resize(rc::kNominalSize, small_number()),
                        rc::gen::container<std::vector<thread_program>>(threads, one));
}

}  // namespace semaphore_programs

// One thread, and after each call everything is as the reference says.

#include <type_traits>

#include "../side_by_side.hpp"
#include "client.hpp"
#include "reference.hpp"

namespace event_programs {

namespace {

using pawl::errc;
using kind = operation::kind;

// How often it has to happen, of what is closed, until it is open; and what take_back makes of it.
std::size_t count_of(const pawl::manual_reset_event& e) { return e.is_set() ? 0 : 1; }
std::size_t count_of(const pawl::auto_reset_event& e) { return e.is_set() ? 0 : 1; }
std::size_t count_of(const pawl::latch& l) { return l.remaining(); }
std::size_t count_of(const pawl::wait_group& g) { return g.count(); }

template <class Primitive>
constexpr bool can_be_taken_back_when(std::size_t count) {
  if (std::is_same_v<Primitive, pawl::wait_group>) return true;
  return count == 0 && !std::is_same_v<Primitive, pawl::latch>;
}

template <class Primitive, class Reference>
class prediction : public basic_prediction<Reference> {
 public:
  using basic_prediction<Reference>::basic_prediction;

  std::optional<outcome> apply(const operation& op) {
    Reference& event = this->reference_;
    switch (op.what) {
      case kind::wait:
      case kind::wait_stoppable:
        this->start(op.what == kind::wait_stoppable, [&](std::size_t i) { return event.wait(i); });
        return std::nullopt;
      case kind::wait_briefly: {
        const outcome tried = event.try_wait();
        return tried ? tried : outcome(pawl::failure(errc::timed_out));
      }
      case kind::try_wait:
        return event.try_wait();
      case kind::happen:
        if (event.count() != 0) event.happen(1);
        return 0;
      case kind::take_back:
        if (can_be_taken_back_when<Primitive>(event.count())) event.take_back();
        return 0;
      case kind::stop:
        this->stop(op.which);
        return 0;
      case kind::destroy:
        this->destroy(op.which);
        return 0;
    }
    return 0;
  }
};

template <class Primitive, class Reference>
class event_side_by_side final
    : public side_by_side<client<Primitive>, prediction<Primitive, Reference>> {
  using base = side_by_side<client<Primitive>, prediction<Primitive, Reference>>;

 public:
  using base::base;
  ~event_side_by_side() {
    while (count_of(this->primitive_) != 0) happen(this->primitive_);
  }

 private:
  void compare() const override {
    this->compare_order();
    const Reference& expected = this->prediction_.expected();
    RC_ASSERT(count_of(this->primitive_) == expected.count());
    RC_ASSERT(this->primitive_.has_waiters() == expected.has_waiters());
  }
};

template <class Primitive, class Reference, class... Made>
void agree(resumption where, Made... made_of) {
  const thread_program program = *any_program();
  event_side_by_side<Primitive, Reference> both(where, count_starts(program), made_of...);
  for (const operation& op : program) both.step(op);
}

void agree_on_all(resumption where) {
  agree<pawl::manual_reset_event, gate_reference>(where, *rc::gen::arbitrary<bool>());
  agree<pawl::auto_reset_event, auto_reference>(where, *rc::gen::arbitrary<bool>());
  const auto count = *rc::gen::inRange<pawl::count_t>(0, 4);
  agree<pawl::latch, gate_reference>(where, count);
  agree<pawl::wait_group, gate_reference>(where, count);
}

const step_by_step properties("event", 2000, &agree_on_all);

}  // namespace

}  // namespace event_programs

#include "cursor.hpp"

namespace pawl::oracle {
namespace {

/// The effect of an operation that read `read`.
effect effect_of(const operation& o, value read) {
  switch (o.kind) {
    case op::store:
      return effect::write;
    case op::fetch_add:
    case op::exchange:
    case op::await_rmw:
      return effect::update;
    case op::cas:
      return read == o.expected ? effect::update : effect::read;
    case op::load:
    case op::await:
      return effect::read;
    case op::fence:
    case op::skip_if:
      return effect::fence;
  }
  return effect::fence;
}

}  // namespace

cursor::cursor(const thread& code, int registers)
    : code_(&code), registers_(static_cast<std::size_t>(registers)) {
  jump();
}

const operation* cursor::pending() const noexcept {
  return position_ < code_->size() ? &(*code_)[position_] : nullptr;
}

value cursor::operand() const noexcept {
  const operation& o = *pending();
  const bool adds = o.kind == op::store && o.addend >= 0;
  return o.operand + (adds ? registers_[static_cast<std::size_t>(o.addend)] : 0);
}

event cursor::perform(value read) {
  const operation& o = *pending();
  event e;
  e.kind = effect_of(o, read);
  e.location = accesses(o) ? o.location : 0;
  e.order = o.kind == op::cas && e.kind == effect::read ? o.failure_order : o.order;
  if (e.is_read()) e.read = read;
  if (e.is_write()) e.written = operand() + (o.kind == op::fetch_add ? read : 0);
  if (reads(o)) registers_[static_cast<std::size_t>(o.result)] = read;
  ++position_;
  jump();
  return e;
}

void cursor::jump() {
  for (const operation* o = pending(); o != nullptr && o->kind == op::skip_if; o = pending()) {
    const value tested = registers_[static_cast<std::size_t>(o->result)];
    position_ += 1 + static_cast<std::size_t>(passes(*o, tested) ? o->skip : 0);
  }
}

}  // namespace pawl::oracle

#include "family.hpp"

#include <utility>

namespace cancellation_programs {

using kind = operation::kind;

// Counts its calls.
struct family::node : pawl::stop_node {
  node(std::size_t s, pawl::stop_token t)
      : stop_node(&count), source(s), token(t), is_attached(token.attach(*this)) {}

  static void count(stop_node& self) noexcept {
    static_cast<node&>(self).calls.fetch_add(1, pawl::memory_order_release);
  }

  // Waits for a call that is under way.
  void await_call() const {
    pawl::spin_until(calls, [](unsigned n) { return n != 0; }, pawl::memory_order_acquire);
  }

  const std::size_t source;
  const pawl::stop_token token;
  pawl::atomic<unsigned> calls{0};
  bool is_attached;  // and was not taken back
};

family::family(pawl::cancellation_source& root, bool alone)
    : root_(root), alone_(alone), members_(1) {}

// A node may be in the hands of another thread until it was called.
family::~family() {
  for (const auto& each : nodes_) {
    if (each->is_attached && !each->token.try_detach(*each)) each->await_call();
  }
}

pawl::cancellation_source& family::source(std::size_t i) {
  return i == 0 ? root_ : *members_[i].own;
}

std::size_t family::living(std::size_t which) const {
  std::size_t i = which % members_.size();
  while (!is_living(i)) --i;
  return i;
}

family::problem family::apply(const operation& op) {
  problem wrong;
  switch (op.what) {
    case kind::make:
      make(living(op.which));
      break;
    case kind::destroy:
      wrong = destroy(living(op.which));
      break;
    case kind::cancel:
      wrong = cancel(living(op.which));
      break;
    case kind::attach:
      wrong = attach(living(op.which));
      break;
    case kind::detach:
      if (!nodes_.empty()) wrong = detach(op.which % nodes_.size());
      break;
  }
  return wrong ? wrong : judge();
}

void family::make(std::size_t parent) {
  auto made = std::make_unique<pawl::cancellation_source>(source(parent).get_token());
  members_.push_back({std::move(made), parent, false, members_[parent].why});
}

family::problem family::destroy(std::size_t i) {
  if (i == 0) return std::nullopt;
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (nodes_[n]->source != i) continue;
    if (auto wrong = detach(n)) return wrong;
  }
  for (member& each : members_) {
    if (each.parent != i) continue;
    each.parent = members_[i].parent;
    each.was_adopted = true;
  }
  members_[i].own.reset();
  return std::nullopt;
}

family::problem family::cancel(std::size_t i) {
  const std::uint64_t why = ++cancels_;
  const bool is_first = source(i).request_stop({pawl::stop_reason::kind::requested, why});
  if (is_first ? members_[i].why.has_value() : alone_ && !members_[i].why) {
    return "request_stop() tells wrongly whether it was the first";
  }
  mark(i, why);
  return std::nullopt;
}

void family::mark(std::size_t i, std::uint64_t why) {
  if (!members_[i].why) members_[i].why = why;
  for (std::size_t child = 1; child < members_.size(); ++child) {
    if (members_[child].parent == i) mark(child, why);
  }
}

family::problem family::attach(std::size_t i) {
  const bool must_fail = members_[i].why.has_value();
  auto made = std::make_unique<node>(i, source(i).get_stop_token());
  if (made->is_attached ? must_fail : alone_ && !must_fail) {
    return "attach() tells wrongly whether a stop was requested";
  }
  nodes_.push_back(std::move(made));
  return std::nullopt;
}

family::problem family::detach(std::size_t n) {
  node& each = *nodes_[n];
  if (!each.is_attached) return std::nullopt;
  if (each.token.try_detach(each)) {
    each.is_attached = false;
    if (members_[each.source].why) return "CANCEL-ONCE: a node was not called";
    return std::nullopt;
  }
  if (alone_ && !members_[each.source].why) return "CANCEL-ONCE: a node was called";
  each.await_call();
  return std::nullopt;
}

family::problem family::judge() {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!is_living(i)) continue;
    const member& each = members_[i];
    const auto why = source(i).reason();
    if (each.why && !why) {
      return each.was_adopted ? "CANCEL-ADOPT: an adopted child goes on"
                              : "CANCEL-ALL: a source goes on";
    }
    if (alone_ && why && (!each.why || why->value != *each.why))
      return "CANCEL-DOWN: for no reason";
  }
  for (const auto& each : nodes_) {
    const unsigned calls = each->calls.load(pawl::memory_order_acquire);
    const unsigned most = each->is_attached ? 1 : 0;
    if (calls > most) return "CANCEL-ONCE: a node was called too often";
    if (alone_ && each->is_attached && members_[each->source].why && calls == 0) {
      return "CANCEL-ONCE: a node was not called";
    }
  }
  return std::nullopt;
}

}  // namespace cancellation_programs

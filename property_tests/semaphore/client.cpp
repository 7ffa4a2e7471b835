#include "client.hpp"

#include <chrono>
#include <stdexcept>

namespace semaphore_programs {

using pawl::count_t;
using kind = operation::kind;

void end(call& c, pawl::result<pawl::permit> got) {
  c.end(std::move(got).map([](pawl::permit&& p) {
    const count_t n = p.count();
    return grant<pawl::permit>{std::move(p), n};
  }));
}

namespace {

acquiring acquire(pawl::scheduler*, pawl::semaphore& s, call& c) {
  auto got = co_await s.acquire(c.asked.n);
  end(c, std::move(got));
}

acquiring acquire_stoppable(pawl::scheduler*, pawl::semaphore& s, call& c) {
  auto got = co_await s.acquire(c.asked.n, c.stop.get_token());
  end(c, std::move(got));
}

acquiring acquire_up_to(pawl::scheduler*, pawl::semaphore& s, call& c) {
  auto got = co_await s.acquire_up_to(c.asked.n);
  end(c, std::move(got));
}

}  // namespace

std::optional<outcome> client::apply(const operation& op) {
  using namespace std::chrono_literals;
  switch (op.what) {
    case kind::acquire:
      start(op, &acquire);
      return std::nullopt;
    case kind::acquire_stoppable:
      start(op, &acquire_stoppable);
      return std::nullopt;
    case kind::acquire_up_to:
      start(op, &acquire_up_to);
      return std::nullopt;
    case kind::acquire_briefly:
      return keep(primitive_.acquire_blocking_for(op.n, 20us));
    case kind::try_acquire:
      return keep(primitive_.try_acquire(op.n));
    case kind::acquire_all: {
      auto all = primitive_.acquire_all();
      return all ? keep(std::move(all)) : outcome(0);
    }
    case kind::give_back:
      take_out(op.which).release();
      return 0;
    case kind::split:
      return split(op);
    case kind::merge:
      return merge(op);
    case kind::forget: {
      const count_t forgotten = take_out(op.which).forget();
      removed_ += static_cast<std::int64_t>(forgotten);
      return forgotten;
    }
    case kind::release:
      created_ += static_cast<std::int64_t>(op.n);
      primitive_.release(op.n);
      return 0;
    case kind::try_release: {
      const auto released = primitive_.try_release(op.n);
      if (!released) return tl::unexpected<pawl::error>(released.error());
      created_ += static_cast<std::int64_t>(op.n);
      return 0;
    }
    case kind::forget_free: {
      const count_t forgotten = primitive_.forget_permits(op.n);
      removed_ += static_cast<std::int64_t>(forgotten);
      return forgotten;
    }
    case kind::shrink:
      removed_ += static_cast<std::int64_t>(op.n);
      primitive_.shrink(op.n);
      return 0;
    case kind::stop:
      stop(op.which);
      return 0;
    case kind::destroy:
      destroy(op.which);
      return 0;
    case kind::poison:
      primitive_.poison();
      return 0;
    case kind::close:
      primitive_.close();
      return 0;
  }
  return 0;
}

void client::collect() {
  collect_by([this](pawl::permit&& p) { held_.push_back(std::move(p)); });
}

outcome client::keep(pawl::result<pawl::permit> got) {
  if (!got) return tl::unexpected<pawl::error>(got.error());
  pass();
  held_.push_back(std::move(*got));
  return held_.back().count();
}

pawl::permit* client::permit_at(std::size_t which) {
  return held_.empty() ? nullptr : &held_[which % held_.size()];
}

outcome client::split(const operation& op) {
  pawl::permit* const whole = permit_at(op.which);
  if (whole == nullptr) return 0;
  auto part = whole->split(op.n);
  if (!part) return tl::unexpected<pawl::error>(part.error());
  held_.push_back(std::move(*part));
  return held_.back().count();
}

outcome client::merge(const operation& op) {
  pawl::permit* const into = permit_at(op.which);
  pawl::permit* const from = permit_at(op.n);
  if (into == nullptr || into == from) return 0;
  try {
    into->merge(std::move(*from));
  } catch (const std::length_error&) {
    return pawl::failure(pawl::errc::exceeds_limit, from->count(),
                         pawl::semaphore::max_permits - into->count());
  }
  const count_t sum = into->count();
  held_.erase(held_.begin() + (from - held_.data()));
  return sum;
}

// Returns: the permit, not held any more; an empty one if there is none.
pawl::permit client::take_out(std::size_t which) {
  pawl::permit* const chosen = permit_at(which);
  if (chosen == nullptr) return {};
  pawl::permit taken = std::move(*chosen);
  held_.erase(held_.begin() + (chosen - held_.data()));
  return taken;
}

}  // namespace semaphore_programs

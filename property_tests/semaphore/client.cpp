#include "client.hpp"

#include <chrono>
#include <stdexcept>

using pawl::count_t;
using kind = operation::kind;

namespace {

acquiring acquire(pawl::scheduler*, pawl::semaphore& s, count_t n, call& c) {
  auto got = co_await s.acquire(n);
  c.end(std::move(got));
}

acquiring acquire_stoppable(pawl::scheduler*, pawl::semaphore& s, count_t n, call& c) {
  auto got = co_await s.acquire(n, c.stop.get_token());
  c.end(std::move(got));
}

acquiring acquire_up_to(pawl::scheduler*, pawl::semaphore& s, count_t n, call& c) {
  auto got = co_await s.acquire_up_to(n);
  c.end(std::move(got));
}

}  // namespace

std::optional<client::outcome> client::apply(const operation& op) {
  using namespace std::chrono_literals;
  switch (op.what) {
    case kind::acquire:
    case kind::acquire_stoppable:
    case kind::acquire_up_to:
      start(op);
      return std::nullopt;
    case kind::acquire_briefly:
      return keep(semaphore_.acquire_blocking_for(op.n, 20us));
    case kind::try_acquire:
      return keep(semaphore_.try_acquire(op.n));
    case kind::acquire_all: {
      auto all = semaphore_.acquire_all();
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
      semaphore_.release(op.n);
      return 0;
    case kind::try_release: {
      const auto released = semaphore_.try_release(op.n);
      if (!released) return tl::unexpected<pawl::error>(released.error());
      created_ += static_cast<std::int64_t>(op.n);
      return 0;
    }
    case kind::forget_free: {
      const count_t forgotten = semaphore_.forget_permits(op.n);
      removed_ += static_cast<std::int64_t>(forgotten);
      return forgotten;
    }
    case kind::shrink:
      removed_ += static_cast<std::int64_t>(op.n);
      semaphore_.shrink(op.n);
      return 0;
    case kind::stop:
      if (!all_.empty()) all_[op.which % all_.size()].stop.request_stop();
      return 0;
    case kind::destroy:
      if (started_ != 0) {
        call& c = own_[op.which % started_];
        c.was_destroyed = c.is_waiting();
        if (c.was_destroyed) c.coroutine = acquiring();
      }
      return 0;
    case kind::poison:
      semaphore_.poison();
      return 0;
    case kind::close:
      semaphore_.close();
      return 0;
  }
  return 0;
}

void client::start(const operation& op) {
  call& c = own_[started_++];
  c.asked = op;
  if (op.what == kind::acquire) {
    c.coroutine = acquire(where_, semaphore_, op.n, c);
  } else if (op.what == kind::acquire_stoppable) {
    c.coroutine = acquire_stoppable(where_, semaphore_, op.n, c);
  } else {
    c.coroutine = acquire_up_to(where_, semaphore_, op.n, c);
  }
}

void client::collect() {
  for (call& c : started()) {
    if (c.was_collected || c.is_waiting()) continue;
    c.was_collected = true;
    c.outcome.with([&](auto& got) {
      if (*got) held_.push_back(std::move(**got));
    });
  }
}

client::outcome client::keep(pawl::result<pawl::permit> got) {
  if (!got) return tl::unexpected<pawl::error>(got.error());
  passed_ = started_;
  held_.push_back(std::move(*got));
  return held_.back().count();
}

pawl::permit* client::permit_at(std::size_t which) {
  return held_.empty() ? nullptr : &held_[which % held_.size()];
}

client::outcome client::split(const operation& op) {
  pawl::permit* const whole = permit_at(op.which);
  if (whole == nullptr) return 0;
  auto part = whole->split(op.n);
  if (!part) return tl::unexpected<pawl::error>(part.error());
  held_.push_back(std::move(*part));
  return held_.back().count();
}

client::outcome client::merge(const operation& op) {
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

#include "state_walk.hpp"

#include <bit>

namespace pawl::check::engine {

void state_walk::begin(run kind) {
  depth_ = 0;
  kind_ = kind;
  was_cut_ = false;
  if (kind != run::next) return;
  depth_ = path_.size();
  while (depth_ > 0 && path_[depth_ - 1].kept == 0) --depth_;
  runtime_.kept.go_back(depth_ > 0 ? path_[--depth_].kept : 0);
}

void state_walk::begin_anew() {
  path_.clear();
  seen_.clear();
  runtime_.kept.go_back(0);
  is_outdated_ = false;
}

bool state_walk::advance() {
  for (; !path_.empty(); path_.pop_back()) {
    decision& d = path_.back();
    if (d.left == 0) continue;
    if (d.is_value) {
      ++d.taken;
      --d.left;
    } else {
      d.taken = static_cast<std::uint32_t>(std::countr_zero(d.left));
      d.left &= d.left - 1;
    }
    return true;
  }
  return false;
}

int state_walk::next(const std::vector<thread_index>& enabled) {
  if (is_outdated() && kind_ == run::next) return -1;
  if (kind_ == run::drawn) {
    const thread_index t = enabled[chance_() % enabled.size()];
    note_access(t, runtime_.thread(t).pending->location);
    return t;
  }
  if (depth_ == path_.size() && !decide(enabled)) return -1;
  const auto t = static_cast<thread_index>(path_[depth_++].taken);
  note_access(t, runtime_.thread(t).pending->location);
  return kind_ == run::next && is_outdated_ ? -1 : t;
}

std::uint32_t state_walk::choose(event_id, std::uint32_t n) {
  if (kind_ == run::drawn) return static_cast<std::uint32_t>(chance_() % n);
  if (depth_ == path_.size()) path_.push_back({0, n - 1, 0, true});
  return path_[depth_++].taken;
}

// Returns: false if the execution ends here.
bool state_walk::decide(const std::vector<thread_index>& enabled) {
  decision d{enabled.front(), 0, 0, false};
  for (const thread_index t : enabled) {
    d.left |= std::uint32_t{1} << t;
    if (!is_private(*runtime_.thread(t).pending, t)) continue;
    path_.push_back({t, 0, 0, false});
    return true;
  }
  d.left &= d.left - 1;  // The first is the lowest.
  if (d.left != 0 && kind_ == run::next) {
    const auto state = runtime_.state_now();
    was_cut_ = state && !seen_.insert(*state).second;
    if (state && !was_cut_ && runtime_.kept.take(runtime_))
      d.kept = static_cast<std::uint32_t>(runtime_.kept.size());
  }
  if (!was_cut_) path_.push_back(d);
  return !was_cut_;
}

std::int8_t& state_walk::user(location_id l) {
  if (users_.size() <= l) users_.resize(l + 1u, nobody);
  std::int8_t& u = users_[l];
  if (u == nobody && shared_.contains(birth_of(l))) u = several;
  return u;
}

state_walk::birth state_walk::birth_of(location_id l) const {
  const rt::site where = runtime_.known.infos[l].where;
  return {where.file_name(), where.line(), where.column()};
}

// True if no other thread can tell when t does this.
bool state_walk::is_private(const request& q, thread_index t) {
  switch (q.op) {
    case operation::spawn:
    case operation::join:
    case operation::finish:
    case operation::fence:
    case operation::choose:
      return true;
    default:
      return user(q.location) == nobody || user(q.location) == t;
  }
}

bool state_walk::is_outdated() {
  for (const auto& [t, l] : runtime_.kept.ended) note_access(t, l);
  runtime_.kept.ended.clear();
  return is_outdated_;
}

void state_walk::note_access(thread_index t, location_id l) {
  if (l == no_location) return;
  std::int8_t& u = user(l);
  if (u == nobody) u = static_cast<std::int8_t>(t);
  if (u == t || u == several) return;
  u = several;
  shared_.insert(birth_of(l));
  for (location_id other = 0; other < users_.size(); ++other)
    if (users_[other] >= 0 && shared_.contains(birth_of(other))) users_[other] = several;
  is_outdated_ = true;
}

}  // namespace pawl::check::engine

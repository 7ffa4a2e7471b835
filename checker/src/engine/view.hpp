// Vector clocks, pooled. A view says, per model thread, how many of its events it contains.
//
// Views are immutable once made and are referred to by index; they are allocated and released in
// stack order along with the events that own them. View 0 is empty. Only the lanes of threads that
// exist are stored, rounded up to eight: one vector instruction joins the views of a small program.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace pawl::check::engine {

using thread_index = std::uint16_t;
using clock_value = std::int16_t;
using view = std::uint32_t;
inline constexpr view empty_view = 0;

class view_pool {
 public:
  static constexpr unsigned lane_step = 8;

  view_pool() { reset(lane_step); }

  /// Forgets every view and makes room for `threads` lanes.
  void reset(unsigned threads) {
    lanes_ = (threads + lane_step - 1) / lane_step * lane_step;
    if (data_.size() < 1024u * lanes_) data_.resize(1024u * lanes_);
    std::fill_n(data_.begin(), lanes_, clock_value{0});
    top_ = 1;
  }

  /// Makes room for one more thread without invalidating any view.
  void widen(unsigned threads) {
    if (threads <= lanes_) return;
    const unsigned old = lanes_, now = (threads + lane_step - 1) / lane_step * lane_step;
    data_.resize(std::max<std::size_t>(data_.size(), std::size_t{top_} * now + now));
    for (view v = top_; v-- > 0;) {
      clock_value wide[max_lanes] = {};
      std::memcpy(wide, &data_[std::size_t{v} * old], old * sizeof(clock_value));
      std::memcpy(&data_[std::size_t{v} * now], wide, now * sizeof(clock_value));
    }
    lanes_ = now;
  }

  [[nodiscard]] clock_value at(view v, thread_index t) const { return row(v)[t]; }
  /// Those of all threads; valid until a view is made.
  [[nodiscard]] const clock_value* all(view v) const { return row(v); }
  [[nodiscard]] unsigned lanes() const { return lanes_; }
  [[nodiscard]] view top() const { return top_; }
  void release_to(view top) { top_ = top; }

  /// `a` with lane `t` raised to `n`.
  [[nodiscard]] view raise(view a, thread_index t, clock_value n) {
    if (at(a, t) >= n) return a;
    const view v = allocate();
    std::memcpy(row(v), row(a), lanes_ * sizeof(clock_value));
    row(v)[t] = n;
    return v;
  }

  /// The join of `a`, `b` and lane `t` at `n`; returns `a` itself when it contains the rest.
  [[nodiscard]] view join(view a, view b, thread_index t, clock_value n) {
    if (b == empty_view || a == b) return raise(a, t, n);
    const view v = allocate();
    clock_value* const to = row(v);
    const clock_value *x = row(a), *y = row(b);
    step grew{};
    for (unsigned i = 0; i < lanes_; i += lane_step) {
      const step from = load(x + i), other = load(y + i), most = from > other ? from : other;
      grew |= most ^ from;
      std::memcpy(to + i, &most, sizeof most);
    }
    if (to[t] < n) {
      to[t] = n;
    } else if (const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(grew);
               (halves[0] | halves[1]) == 0) {
      top_ = v;
      return a;
    }
    return v;
  }

 private:
  static constexpr unsigned max_lanes = 32;

  using step [[gnu::vector_size(lane_step * sizeof(clock_value))]] = clock_value;
  static step load(const clock_value* from) {
    step s;
    std::memcpy(&s, from, sizeof s);
    return s;
  }

  view allocate() {
    if (std::size_t{top_ + 1} * lanes_ > data_.size()) data_.resize(data_.size() * 2);
    return top_++;
  }
  clock_value* row(view v) { return &data_[std::size_t{v} * lanes_]; }
  [[nodiscard]] const clock_value* row(view v) const { return &data_[std::size_t{v} * lanes_]; }

  std::vector<clock_value> data_;
  unsigned lanes_ = lane_step;
  view top_ = 1;
};

}  // namespace pawl::check::engine

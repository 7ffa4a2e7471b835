#pragma once
// Calls of set_once and once_cell as coroutines (models/support.hpp). What they hold is a number;
// a call returns the one that it was given.

#include <pawl/sync/once_cell.hpp>
#include <pawl/sync/set_once.hpp>

#include <stdexcept>

#include "../support.hpp"

namespace models {

using pawl::errc;

// A number whose accesses are checked: who reads it without having been given it is a data race.
class number {
 public:
  explicit number(count_t n) : n_(n) {}
  number(const number& other) : n_(other.read()) {}
  number& operator=(const number&) = delete;
  count_t read() const { return n_.read(); }

 private:
  pawl::cell<count_t> n_;
};

using set_once = pawl::set_once<number>;
using once_cell = pawl::once_cell<number>;

inline pawl::result<count_t> read(const pawl::result<number*>& r) {
  return r.map([](number* n) { return n->read(); });
}

template <class Once>
call wait(Once& s) {
  const auto given = co_await s.wait();
  co_return read(given);
}
template <class Once>
call wait(in_waker, Once& s) {
  const auto given = co_await s.wait();
  co_return read(given);
}
template <class Once>
call wait(Once& s, pawl::stop_token token) {
  const auto given = co_await s.wait(token);
  co_return read(given);
}

// Whoever makes the value says so.
struct maker {
  count_t n;
  pawl::cell<unsigned>& made;

  number operator()() const {
    made.write(made.read() + 1);
    return number(n);
  }
};

inline call get_or_init(once_cell& c, count_t n, pawl::cell<unsigned>& made) {
  const auto given = co_await c.get_or_init(maker{n, made});
  co_return read(given);
}
inline call get_or_init(once_cell& c, pawl::stop_token token, count_t n,
                        pawl::cell<unsigned>& made) {
  const auto given = co_await c.get_or_init(token, maker{n, made});
  co_return read(given);
}

}  // namespace models

#pragma once
// What the tests of events, latch and wait_group share: coroutines that wait, and leave what became
// of that (call.hpp has those that acquire).

#include <pawl/error.hpp>

#include <cppunit/TestAssert.h>

#include <optional>
#include <utility>
#include <vector>

#include "call.hpp"

using waited = std::optional<pawl::result<void>>;

template <class Primitive, class... Arguments>
call wait_for(Primitive& p, waited& out, Arguments... arguments) {
  out.emplace(co_await p.wait(arguments...));
}

template <class Primitive>
call wait_until(Primitive& p, waited& out, pawl::steady_clock::time_point deadline) {
  out.emplace(co_await p.wait_until(deadline));
}

template <class Primitive>
call wait_in_order(Primitive& p, int number, std::vector<int>& log) {
  const auto waited = co_await p.wait();
  if (waited) log.push_back(number);
}

inline bool has_passed(const waited& w) { return w && w->has_value(); }

// Fails unless the result is an error with this code.
template <class T>
void check_error(pawl::errc code, const pawl::result<T>& r) {
  CPPUNIT_ASSERT(!r.has_value());
  CPPUNIT_ASSERT_EQUAL(pawl::to_string(code), pawl::to_string(r.error().code));
}

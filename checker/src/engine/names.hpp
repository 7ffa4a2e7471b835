// What the tool remembers of a program across executions: its threads, its atomic objects, their
// names.
//
// A thread is known by (parent, n-th spawn) and an atomic object by (thread, n-th construction,
// initial value), or by its address if it was there before the program ran; so both have one
// identity in every execution, whatever the order of exploration.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <source_location>
#include <string>
#include <tuple>
#include <vector>

#include "event.hpp"

namespace pawl::check::engine {

/// What an atomic object is in every execution and for every worker: its thread, the how-manieth of
/// that it is, where it lies (in the memory of a model thread: from the start of all of them), and
/// its initial value.
using object_key = std::tuple<thread_index, std::uint32_t, std::uintptr_t, word>;

struct location_info {
  const rt::atomic_object* object = nullptr;
  thread_index creator = 0;  ///< The first thread, if it was there before the program ran.
  std::uint32_t nth = 0;     ///< Construction of that thread, from 1; 0: it was there before.
  word initial = 0;
  std::uint8_t size = 8;
  rt::show_as show = rt::show_as::unsigned_integer;
  std::source_location where{};
};

struct names {
  /// The number of the n-th child of `parent`; the first time, what number(parent, n) says.
  template <class Number>
  thread_index child(thread_index parent, std::uint32_t n, Number number) {
    if (children_.size() <= parent) children_.resize(parent + 1u);
    auto& own = children_[parent];
    if (own.size() <= n) own.resize(n + 1, 0);
    if (own[n] == 0) {  // The first thread is nobody's child.
      own[n] = number(parent, n);
      thread_count = std::max<thread_index>(thread_count, static_cast<thread_index>(own[n] + 1));
    }
    return own[n];
  }

  /// The number of the n-th child of `parent`, if it had one before.
  [[nodiscard]] std::optional<thread_index> find_child(thread_index parent, std::uint32_t n) const {
    if (parent >= children_.size() || n >= children_[parent].size()) return std::nullopt;
    return children_[parent][n] == 0 ? std::nullopt : std::optional(children_[parent][n]);
  }

  /// All children, by ascending numbers: parent, n, number.
  [[nodiscard]] std::vector<std::array<std::uint32_t, 3>> children() const {
    std::vector<std::array<std::uint32_t, 3>> all;
    for (std::uint32_t parent = 0; parent < children_.size(); ++parent)
      for (std::uint32_t n = 0; n < children_[parent].size(); ++n)
        if (const std::uint32_t child = children_[parent][n]; child != 0)
          all.push_back({parent, n, child});
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a[2] < b[2]; });
    return all;
  }

  /// The location of the n-th atomic object that `t` constructs, or of a static one (n = 0).
  template <class AddLocation>
  location_id location(thread_index t, std::uint32_t n, const rt::atomic_object& o,
                       AddLocation add) {
    const auto [at, fresh] = locations_.try_emplace({t, n, &o, o.initial}, no_location);
    if (fresh) {
      at->second = add(o.initial);
      if (infos.size() <= at->second) infos.resize(at->second + 1);
    }
    return at->second;
  }

  /// Forgets the locations (a new exploration numbers them anew), not the threads.
  void forget_locations() {
    locations_.clear();
    infos.clear();
    births.clear();
  }

  thread_index thread_count = 1;
  std::vector<location_info> infos;
  std::map<const void*, std::string> objects;
  std::map<thread_index, std::string> threads;
  /// The location of the n-th construction of each thread in the latest execution, to skip the
  /// search.
  std::vector<std::vector<location_id>> births;

 private:
  std::vector<std::vector<thread_index>> children_;
  std::map<std::tuple<thread_index, std::uint32_t, const void*, word>, location_id> locations_;
};

}  // namespace pawl::check::engine

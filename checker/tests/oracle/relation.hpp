#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace pawl::oracle {

/// A binary relation over at most 64 events, as a boolean matrix: bit b of row a is (a, b).
/// The operators are those of the papers: | union, & intersection, - difference, * composition.
class relation {
 public:
  /// The empty relation. Throws std::length_error if there are more than 64 events.
  explicit relation(std::size_t size) : rows_(size) {
    if (size > 64) throw std::length_error("the oracle takes 64 events, initial stores included");
  }

  std::size_t size() const noexcept { return rows_.size(); }
  bool contains(std::size_t a, std::size_t b) const noexcept { return (rows_[a] >> b & 1) != 0; }
  void add(std::size_t a, std::size_t b) noexcept { rows_[a] |= std::uint64_t{1} << b; }

  /// The identity on the events that `p` accepts: [A] of the papers.
  template <class Predicate>
  static relation identity(std::size_t size, Predicate p) {
    relation result(size);
    for (std::size_t a = 0; a < size; ++a) {
      if (p(a)) result.add(a, a);
    }
    return result;
  }

  relation& operator|=(const relation& other) {
    for (std::size_t a = 0; a < size(); ++a) rows_[a] |= other.rows_[a];
    return *this;
  }
  relation& operator&=(const relation& other) {
    for (std::size_t a = 0; a < size(); ++a) rows_[a] &= other.rows_[a];
    return *this;
  }
  relation& operator-=(const relation& other) {
    for (std::size_t a = 0; a < size(); ++a) rows_[a] &= ~other.rows_[a];
    return *this;
  }
  friend relation operator|(relation a, const relation& b) { return a |= b; }
  friend relation operator&(relation a, const relation& b) { return a &= b; }
  friend relation operator-(relation a, const relation& b) { return a -= b; }

  friend relation operator*(const relation& first, const relation& second) {
    relation result(first.size());
    for (std::size_t a = 0; a < first.size(); ++a) {
      for (std::size_t b = 0; b < first.size(); ++b) {
        if (first.contains(a, b)) result.rows_[a] |= second.rows_[b];
      }
    }
    return result;
  }

  relation inverse() const {
    relation result(size());
    for (std::size_t a = 0; a < size(); ++a) {
      for (std::size_t b = 0; b < size(); ++b) {
        if (contains(a, b)) result.add(b, a);
      }
    }
    return result;
  }

  /// Reflexive closure: r? of the papers.
  relation maybe() const {
    return *this | identity(size(), [](std::size_t) { return true; });
  }

  /// Transitive closure: r⁺ of the papers (Warshall).
  relation plus() const {
    relation result = *this;
    for (std::size_t via = 0; via < size(); ++via) {
      for (std::size_t a = 0; a < size(); ++a) {
        if (result.contains(a, via)) result.rows_[a] |= result.rows_[via];
      }
    }
    return result;
  }

  bool irreflexive() const noexcept {
    for (std::size_t a = 0; a < size(); ++a) {
      if (contains(a, a)) return false;
    }
    return true;
  }

  bool acyclic() const { return plus().irreflexive(); }

 private:
  std::vector<std::uint64_t> rows_;
};

}  // namespace pawl::oracle

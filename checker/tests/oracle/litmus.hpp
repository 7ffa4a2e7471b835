#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "program.hpp"

namespace pawl::oracle {

/// How many graphs a model allows.
struct expected_count {
  std::size_t complete = 0;
  std::size_t blocked = 0;

  bool operator==(const expected_count&) const = default;
};

/// A program with its known number of executions.
struct named_program {
  std::string name;
  program code;
  expected_count rc11;
  expected_count sc;
  bool enumerable = true;  ///< small enough for enumerate() (a second or so)
};

/// A few accesses a thread: store buffering, message passing, IRIW, … Together they need every
/// clause of the axioms: an enumerator or engine that drops one gets some count wrong.
std::vector<named_program> litmus_tests();

/// n threads that contend for one location or for locks, with n small (enumerable) and large.
std::vector<named_program> contention_programs();

/// Programs that can end blocked.
std::vector<named_program> blocking_programs();

/// All of the above.
std::vector<named_program> all_programs();

/// n threads, each `times` fetch_add of one location: (n·times)! / times!ⁿ executions.
program fetch_adds(int n, int times = 1);

/// n threads, each lock · x++ · unlock: n! executions, none blocked.
program locked_increments(int n);

/// n threads, each `times` lock · unlock: as many executions as fetch_adds(n, times).
program lockings(int n, int times);

/// One writer, n readers of one location: 2ⁿ executions.
program readers(int n);

/// n threads, each storing to, updating and loading a location of its own: one execution.
program disjoint(int n);

/// A reader scans m<n> … m0 down to the first 0; writer j stores m<j-1> + 1 to m<j>.
program last_zero(int n);

/// n threads insert 4 values each, w = 11·i + thread for i = 1…4, into a hash table of 128 slots
/// at 7·w mod 128, by CAS with linear probing.
program indexer(int n);

/// Thread i of n (from 1) does one CAS(x, i-1 → i).
program rotating_cas(int n);

/// Peterson's lock taken once by two threads, which don't leave again; a thread that finds it taken
/// gives up instead of spinning. Thread 0 sets w in its critical section, thread 1 sets m4: an
/// outcome with both is a violation. The orders are those of all stores and of all loads.
program peterson(memory_order store, memory_order load);

}  // namespace pawl::oracle

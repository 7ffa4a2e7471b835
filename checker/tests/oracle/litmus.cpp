#include "litmus.hpp"

#include <fmt/format.h>

#include <string_view>

namespace pawl::oracle {
namespace {

struct line {
  std::string_view name;
  std::string_view text;
  expected_count rc11;
  expected_count sc;
};

std::vector<named_program> read(const std::vector<line>& lines) {
  std::vector<named_program> programs;
  for (const line& l : lines) {
    programs.push_back({std::string(l.name), parse(l.text), l.rc11, l.sc});
  }
  return programs;
}

/// n copies of a thread.
program copies(int n, const std::string& text) {
  const program one = parse(text);
  return {std::vector<thread>(static_cast<std::size_t>(n), one.threads.front())};
}

std::string repeated(int times, const std::string& text) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

/// Joins threads given as texts.
class thread_list {
 public:
  void add(const std::string& thread_text) {
    if (!text_.empty()) text_ += " / ";
    text_ += thread_text;
  }
  program parsed() const { return parse(text_); }

 private:
  std::string text_;
};

std::string cell(int index) { return fmt::format("m{}", index); }

}  // namespace

std::vector<named_program> litmus_tests() {
  return read({
      {"SB", "store x 1; r0 = load y / store y 1; r0 = load x", {4}, {3}},
      {"LB", "r0 = load x; store y 1 / r0 = load y; store x 1", {3}, {3}},
      {"CoWR", "store x 1; r0 = load x / store x 2", {3}, {3}},
      {"CoRW", "r0 = load x; store x 1 / store x 2", {3}, {3}},
      {"MP, relaxed", "store x 1; store y 1 / r0 = load y; r1 = load x", {4}, {3}},
      {"MP, release and acquire",
       "store x 1 rel; store y 1 rel / r0 = load y acq; r1 = load x acq",
       {3},
       {3}},
      {"2+2W", "store x 1; store y 2 / store y 1; store x 2", {4}, {3}},
      {"S", "store x 2; store y 1 / r0 = load y; store x 1", {4}, {3}},
      {"MP, data read only if the flag is set",
       "store x 1; store y 1 rel / r0 = load y acq; if r0 == 0 skip 1; r1 = load x",
       {2},
       {2}},
      {"SB, seq_cst fences",
       "store x 1; fence sc; r0 = load y / store y 1; fence sc; r0 = load x",
       {3},
       {3}},
      {"SB, seq_cst", "store x 1 sc; r0 = load y sc / store y 1 sc; r0 = load x sc", {3}, {3}},
      {"SB, three seq_cst and one acquire",
       "store x 1 sc; r0 = load y sc / store y 1 sc; r0 = load x acq",
       {4},
       {3}},
      {"SB, seq_cst accesses against a seq_cst fence",
       "store x 1 sc; r0 = load y sc / store y 1; fence sc; r0 = load x",
       {3},
       {3}},
      {"2+2W, seq_cst fences",
       "store x 1; fence sc; store y 2 / store y 1; fence sc; store x 2",
       {3},
       {3}},
      {"2+2W, seq_cst", "store x 1 sc; store y 2 sc / store y 1 sc; store x 2 sc", {3}, {3}},
      {"IRIW, seq_cst stores, acquire then seq_cst loads",
       "store x 1 sc / store y 1 sc / r0 = load x acq; r1 = load y sc / "
       "r0 = load y acq; r1 = load x sc",
       {16},
       {15}},
      {"ISA2",
       "store x 1; store y 1 rel / r0 = load y acq; store z 1 rel / "
       "r0 = load z acq; r1 = load x",
       {7},
       {7}},
      {"W+RWC, seq_cst fences",
       "store x 1; store z 1 rel / r0 = load z acq; fence sc; r1 = load y / "
       "store y 1; fence sc; r0 = load x",
       {7},
       {7}},
      {"RWC, seq_cst fences",
       "store x 1 / r0 = load x; fence sc; r1 = load y / store y 1; fence sc; r0 = load x",
       {7},
       {7}},
      {"CoRR, release and acquire",
       "store x 1 rel; store x 2 rel / r0 = load x acq; r1 = load x acq",
       {6},
       {6}},

      // Each of the following needs one clause of the axioms that the ones above don't.
      {"SB, acq_rel fences",
       "store x 1; fence acq_rel; r0 = load y / store y 1; fence acq_rel; r0 = load x",
       {4},
       {3}},
      {"MP, release and acquire fences",
       "store x 1; fence rel; store y 1 / r0 = load y; fence acq; r1 = load x",
       {3},
       {3}},
      {"MP, release fence and acquire load",
       "store x 1; fence rel; store y 1 / r0 = load y acq; r1 = load x",
       {3},
       {3}},
      {"MP, release store and acquire fence",
       "store x 1; store y 1 rel / r0 = load y; fence acq; r1 = load x",
       {3},
       {3}},
      {"MP, acq_rel updates",
       "store x 1; r0 = exchange y 1 acq_rel / r0 = exchange y 2 acq_rel; r1 = load x",
       {3},
       {3}},
      {"a release sequence goes on with updates",
       "store x 1; store y 1 rel / r0 = fetch_add y 1 / "
       "r0 = load y acq; if r0 != 2 skip 1; r1 = load x",
       {6},
       {6}},
      {"a release sequence ends at a store of the same thread",
       "store x 1; store y 1 rel; store y 2 / r0 = load y acq; if r0 != 2 skip 1; r1 = load x",
       {4},
       {3}},
      {"IRIW, release and acquire",
       "store x 1 rel / store y 1 rel / r0 = load x acq; r1 = load y acq / "
       "r0 = load y acq; r1 = load x acq",
       {16},
       {15}},
      {"IRIW, seq_cst",
       "store x 1 sc / store y 1 sc / r0 = load x sc; r1 = load y sc / "
       "r0 = load y sc; r1 = load x sc",
       {15},
       {15}},
      {"IRIW, seq_cst fences",
       "store x 1 / store y 1 / r0 = load x; fence sc; r1 = load y / "
       "r0 = load y; fence sc; r1 = load x",
       {15},
       {15}},
      {"W+RWC, seq_cst around release and acquire",
       "store x 1 sc; store z 1 rel / r0 = load z acq; r1 = load y sc / "
       "store y 1 sc; r0 = load x sc",
       {7},
       {7}},
      {"R, seq_cst", "store x 1 sc; store y 1 sc / store y 2 sc; r0 = load x sc", {3}, {3}},
      {"R, release store", "store x 1 sc; store y 1 rel / store y 2 sc; r0 = load x sc", {4}, {3}},
      {"a failed CAS may read an old value",
       "store x 1; store x 2; store y 1 / r0 = load y; r1 = cas x 3 4 acq_rel rlx",
       {6},
       {4}},
  });
}

std::vector<named_program> contention_programs() {
  std::vector<named_program> programs;
  const auto add = [&](const std::string& family, int n, program code, std::size_t count,
                       bool enumerable = true) {
    programs.push_back(
        {fmt::format("{}, n = {}", family, n), std::move(code), {count}, {count}, enumerable});
  };
  std::size_t factorial = 1;
  std::size_t power = 1;
  for (int n = 1; n <= 5; ++n) {
    factorial *= static_cast<std::size_t>(n);
    power *= 2;
    add("one fetch_add each", n, fetch_adds(n), factorial);
    add("lock, x++, unlock", n, locked_increments(n), factorial, n <= 4);
    add("one writer and n readers", n, readers(n), power);
    add("disjoint locations", n, disjoint(n), 1, n <= 4);
  }
  add("two fetch_add each", 3, fetch_adds(3, 2), 90);
  add("three fetch_add each", 3, fetch_adds(3, 3), 1680);
  add("two times lock, unlock", 3, lockings(3, 2), 90);
  add("lastzero", 5, last_zero(5), 64);
  add("lastzero", 10, last_zero(10), 3328, false);
  add("lastzero", 15, last_zero(15), 147456, false);
  add("indexer", 12, indexer(12), 8, false);
  add("indexer", 15, indexer(15), 4096, false);
  const std::size_t rotations[] = {2, 5, 14, 43, 144, 523, 2048, 8597};
  for (int n = 2; n <= 9; ++n) {
    add("rotating CAS", n, rotating_cas(n), rotations[n - 2], n <= 7);
  }
  return programs;
}

std::vector<named_program> blocking_programs() {
  return read({
      {"await a value nobody stores", "r0 = await x == 1", {0, 1}, {0, 1}},
      {"await a value that may have gone",
       "r0 = await x == 1 / store x 1; store x 0",
       {1, 1},
       {1, 1}},
      {"await a value that may have gone, threads swapped",
       "store x 1; store x 0 / r0 = await x == 1",
       {1, 1},
       {1, 1}},
      {"await the flag of MP, release and acquire",
       "store x 1; store y 1 rel / r0 = await y == 1 acq; r1 = load x",
       {1},
       {1}},
      {"await the flag of MP, relaxed",
       "store x 1; store y 1 / r0 = await y != 0; r1 = load x",
       {2},
       {1}},
      {"two threads await each other",
       "r0 = await y == 1; store x 1 / r0 = await x == 1; store y 1",
       {0, 1},
       {0, 1}},
      {"a lock that is never released",
       "r0 = await_rmw x == 0 -> 1 acq / r0 = await_rmw x == 0 -> 1 acq",
       {0, 2},
       {0, 2}},
      {"two locks in opposite orders",
       "r0 = await_rmw x == 0 -> 1 acq; r1 = await_rmw y == 0 -> 1 acq; "
       "store y 0 rel; store x 0 rel / "
       "r0 = await_rmw y == 0 -> 1 acq; r1 = await_rmw x == 0 -> 1 acq; "
       "store x 0 rel; store y 0 rel",
       {2, 1},
       {2, 1}},
  });
}

std::vector<named_program> all_programs() {
  std::vector<named_program> programs = litmus_tests();
  for (auto more : {contention_programs(), blocking_programs()}) {
    programs.insert(programs.end(), more.begin(), more.end());
  }
  return programs;
}

program fetch_adds(int n, int times) { return copies(n, repeated(times, "r0 = fetch_add x 1;")); }

program locked_increments(int n) {
  return copies(n, "r0 = await_rmw x == 0 -> 1 acq; r1 = load y; store y r1+1; store x 0 rel");
}

program lockings(int n, int times) {
  return copies(n, repeated(times, "r0 = await_rmw x == 0 -> 1 acq; store x 0 rel;"));
}

program readers(int n) {
  program result = copies(n, "r0 = load x");
  result.threads.insert(result.threads.begin(), parse("store x 1").threads.front());
  return result;
}

program disjoint(int n) {
  thread_list threads;
  for (int i = 0; i < n; ++i) {
    threads.add(
        fmt::format("store {0} 1; r0 = fetch_add {0} 1 acq_rel; r1 = load {0} sc", cell(i)));
  }
  return threads.parsed();
}

program last_zero(int n) {
  std::string reader;
  for (int i = n; i > 0; --i) {
    // Found: the rest of the scan (two operations a cell, one for m0) is skipped.
    reader += fmt::format("r0 = load {} acq; if r0 == 0 skip {};", cell(i), 2 * i - 1);
  }
  thread_list threads;
  threads.add(reader + "r0 = load m0 acq");
  for (int i = 1; i <= n; ++i) {
    threads.add(fmt::format("r0 = load {} acq; store {} r0+1 rel", cell(i - 1), cell(i)));
  }
  return threads.parsed();
}

program indexer(int n) {
  constexpr int slots = 128;
  thread_list threads;
  for (int t = 0; t < n; ++t) {
    std::string code;
    for (int i = 1; i <= 4; ++i) {
      const int w = 11 * i + t;
      // No slot is hashed to by more than two values, nor next to such a slot: two probes suffice.
      const int hash = 7 * w % slots;
      code += fmt::format("r0 = cas {} 0 {} acq_rel acq;if r0 == 0 skip 1;", cell(hash), w);
      code += fmt::format("r0 = cas {} 0 {} acq_rel acq;", cell((hash + 1) % slots), w);
    }
    threads.add(code);
  }
  return threads.parsed();
}

program rotating_cas(int n) {
  thread_list threads;
  for (int i = 1; i <= n; ++i) {
    threads.add(fmt::format("r0 = cas x {} {}", i - 1, i));
  }
  return threads.parsed();
}

program peterson(memory_order store, memory_order load) {
  const auto code = [&](std::string_view mine, std::string_view other, int me, int them,
                        std::string_view inside) {
    return fmt::format(
        "store {} 1 {s}; store z {} {s}; r0 = load {} {l}; if r0 == 0 skip 2;"
        "r1 = load z {l}; if r1 != {} skip 1; store {} 1",
        mine, them, other, me, inside, fmt::arg("s", order_name(store)),
        fmt::arg("l", order_name(load)));
  };
  return parse(fmt::format("{} / {}", code("x", "y", 0, 1, "w"), code("y", "x", 1, 0, "m4")));
}

}  // namespace pawl::oracle

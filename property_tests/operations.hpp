#pragma once
// Random programs, of operations that are a kind and a number.
//
// Every number means something, whatever came before, so that a failing program can be shrunk piece
// by piece: it counts modulo what there is to choose from, and an operation that has nothing to
// work on does nothing.

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

// A kind of operation: its name, and how often it is drawn beside others.
template <class Kind>
struct word {
  Kind kind;
  std::string_view name;
  std::size_t weight;
  bool has_number = false;  // which is told then
};

// All the kinds of a primitive's operations.
template <class Kind, std::size_t N>
using vocabulary = std::array<word<Kind>, N>;

template <class Kind, std::size_t N>
const word<Kind>& word_for(Kind k, const vocabulary<Kind, N>& words) {
  return *std::ranges::find(words, k, &word<Kind>::kind);
}

template <class Operation, std::size_t N>
void show(const Operation& op, const vocabulary<typename Operation::kind, N>& words,
          std::ostream& out) {
  const auto& word = word_for(op.what, words);
  out << word.name;
  if (word.has_number) out << '#' << op.which;
}

template <class Kind, std::size_t N>
rc::Gen<Kind> any_kind(const vocabulary<Kind, N>& words) {
  std::vector<Kind> tickets;
  for (const word<Kind>& each : words) tickets.insert(tickets.end(), each.weight, each.kind);
  return rc::gen::elementOf(std::move(tickets));
}

// Without what is not allowed at the same time as other calls.
template <class Kind, std::size_t N>
rc::Gen<Kind> any_concurrent_kind(const vocabulary<Kind, N>& words) {
  return rc::gen::suchThat(any_kind(words), [](Kind k) { return k != Kind::destroy; });
}

template <class Operation>
rc::Gen<Operation> any_operation(rc::Gen<typename Operation::kind> kinds) {
  const auto combine = [](typename Operation::kind k, std::size_t which) {
    return Operation{k, which};
  };
  const auto made = rc::gen::apply(combine, std::move(kinds), rc::gen::inRange<std::size_t>(0, 8));
  return rc::gen::resize(rc::kNominalSize, made);  // the size is for the length of programs
}

template <class Operation>
rc::Gen<std::vector<Operation>> any_program_of(rc::Gen<typename Operation::kind> kinds) {
  return rc::gen::container<std::vector<Operation>>(any_operation<Operation>(std::move(kinds)));
}

// What several threads do with one object.
template <class Operation>
using thread_programs = std::vector<std::vector<Operation>>;

template <class Operation>
void show(const thread_programs<Operation>& threads, std::ostream& out) {
  for (const std::vector<Operation>& each : threads) {
    out << "\n  thread: ";
    rc::show(each, out);
  }
}

// At most `count` threads of at most `length` operations each.
template <class Operation>
rc::Gen<thread_programs<Operation>> any_threads_of(std::size_t count, int length,
                                                   rc::Gen<typename Operation::kind> kinds) {
  return rc::gen::container<thread_programs<Operation>>(
      count, rc::gen::resize(length, any_program_of<Operation>(std::move(kinds))));
}

// The program of a primitive that is the same in all of them.
template <class Operation>
struct concurrent_program_of {
  thread_programs<Operation> threads;
};

template <class Operation>
void showValue(const concurrent_program_of<Operation>& program, std::ostream& out) {
  show(program.threads, out);
}

template <class Operation>
rc::Gen<concurrent_program_of<Operation>> any_concurrent_program_of(
    std::size_t threads, int length, rc::Gen<typename Operation::kind> kinds) {
  return rc::gen::map(any_threads_of<Operation>(threads, length, std::move(kinds)),
                      [](thread_programs<Operation> all) {
                        return concurrent_program_of<Operation>{std::move(all)};
                      });
}

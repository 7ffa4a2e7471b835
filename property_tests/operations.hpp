#pragma once
// Random operations that are a kind and a number.

#include <rapidcheck.h>

#include <cstddef>
#include <utility>
#include <vector>

// Every number means something, whatever came before, so that a failing program can be shrunk piece
// by piece: it counts modulo what there is to choose from.
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

#include "static_data.hpp"

#include <span>

#include "raw_memory.hpp"
#include "whole_program.hpp"

// Where the linker puts .data and .bss, the tables of the dynamic linker not included.
extern "C" std::byte __data_start[], _end[];  // NOLINT(bugprone-reserved-identifier)

// Present in a program whose coverage is measured: then its static variables count its steps.
extern "C" [[gnu::weak]] void __gcov_dump();  // NOLINT(bugprone-reserved-identifier)

namespace pawl::check::engine {
namespace {

std::span<const std::byte> all() {
  if (the_whole_program != nullptr) return the_whole_program->static_data();
  if (&__gcov_dump != nullptr) return {};
  return {__data_start, _end};
}

}  // namespace

void static_data::remember() {
  bytes_.resize(all().size());
  copy_bytes(bytes_.data(), all().data(), bytes_.size());
}

bool static_data::changed() const {
  return bytes_.size() != all().size() || !same_bytes(bytes_.data(), all().data(), bytes_.size());
}

}  // namespace pawl::check::engine

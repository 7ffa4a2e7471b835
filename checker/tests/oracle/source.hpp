#pragma once

#include <string>
#include <vector>

#include "litmus.hpp"

namespace pawl::oracle {

enum class language { c, cpp };

/// The source of one program that runs the n-th of these, n its argument, as anybody would write
/// it: <stdatomic.h> and <pthread.h>, or <atomic> and <thread>. Waits are loops.
std::string to_source(const std::vector<named_program>&, language);

}  // namespace pawl::oracle

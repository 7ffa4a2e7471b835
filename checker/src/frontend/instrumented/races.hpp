// What is said of two accesses that must not both take place as they do.
#pragma once

#include <string_view>

#include "shadow.hpp"

namespace pawl::check::instrumented {

/// "writes", of a sentence.
[[nodiscard]] std::string_view verb(const access&, bool atomic);
/// Effects: ends the run, since neither access to p happens before the other. `atomic`: the second.
[[noreturn]] void tell_race(engine::runtime&, const void* p, const access&, const access&,
                            bool atomic);
/// The same, if the first one is atomic.
[[noreturn]] void tell_race_with_atomic(engine::runtime&, const void* p, const access&,
                                        const access&);
/// The same, since the first one frees the memory that the second one uses.
[[noreturn]] void tell_use_after_free(engine::runtime&, const void* p, const access&, const access&,
                                      bool atomic);

/// The same, since p is a variable of a function of thread `owner` that has returned by then. The
///   access is ordered before that, if at all, by chance.
[[noreturn]] void tell_use_after_return(engine::runtime&, const void* p, const access&,
                                        engine::thread_index owner, bool atomic);

/// The same, since nobody has written p, a variable of thread `owner` that the access reads.
[[noreturn]] void tell_unwritten(engine::runtime&, const void* p, std::string_view name,
                                 const access&, engine::thread_index owner, bool atomic);

}  // namespace pawl::check::instrumented

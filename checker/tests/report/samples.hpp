// Reports made by hand.
#pragma once

#include <pawl/check/report.hpp>

namespace samples {

/// Message passing with relaxed accesses: a stale read, a stretch that folds, a failing last row.
pawl::check::report stale_read();

/// Two mutexes in opposite orders: two awaits that wait for ever.
pawl::check::report deadlock();

/// A race between the fourth and the seventh of eight threads, more than fit side by side.
pawl::check::report race_of_many();

/// One thread, and memory that nobody frees; no token.
pawl::check::report leak();

/// Every execution was visited and none is wrong.
pawl::check::report clean();

/// A limit stopped the search.
pawl::check::report limited();

/// A token of another program.
pawl::check::report refused();

/// The thread count that the model declares was exceeded.
pawl::check::report over_bound();

}  // namespace samples

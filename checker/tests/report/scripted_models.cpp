// Models for the tests of the command line; scripted_explore.cpp says what becomes of each.
#include <pawl/check/model.hpp>

PAWL_MODEL("other.fine", "is right") {}
PAWL_MODEL("other.interrupted_twice", "Ctrl-C, Ctrl-C") {}
PAWL_MODEL("other.crash", "kills the process") {}
PAWL_MODEL("other.bug", "is wrong") {}
PAWL_MODEL("other.limited", "is too large") {}
PAWL_MODEL("other.odd*name", "has a name that looks like a glob") {}
PAWL_MODEL("other.heavy", "takes a night", pawl::check::bounds{.full = true}) {}

// Two models of one name.
#include <pawl/check/model.hpp>

PAWL_MODEL("twin", "the first") {}
PAWL_MODEL("twin", "the second") {}

#include "model.hpp"

namespace pawl::oracle {
namespace {

/// An update is one event, so a store between it and its source is a cycle: atomicity is included.
bool allows(const execution& x) { return (x.po | x.rf | x.mo | x.rb).acyclic(); }

}  // namespace

const memory_model sc{"sc", allows};

}  // namespace pawl::oracle

#include "model.hpp"

namespace pawl::oracle {
namespace {

bool is_store(const event& e) { return e.is_write() && !e.is_read(); }
bool is_load(const event& e) { return e.is_read() && !e.is_write(); }

/// What leaves the buffer of its thread empty.
bool flushes(const event& e) {
  const bool is_seq_cst = e.order == memory_order::seq_cst;
  return e.kind == effect::update || (is_seq_cst && (is_store(e) || e.kind == effect::fence));
}

/// Fences that are not seq_cst mean nothing to the machine.
bool acts(const event& e) { return e.kind != effect::fence || flushes(e); }

bool allows(const execution& x) {
  const relation po = x.only(acts) * x.po * x.only(acts);
  const relation overtaken = x.only(is_store) * po * x.only(is_load);
  const relation fences = po * x.only(flushes) | x.only(flushes) * po;
  const relation rfe = x.rf - x.po;
  const bool ordered = ((po - overtaken) | fences | rfe | x.mo | x.rb).acyclic();
  const bool coherent = ((x.po & x.same_location) | x.rf | x.mo | x.rb).acyclic();
  return ordered && coherent;
}

}  // namespace

const memory_model tso{"tso", allows};

}  // namespace pawl::oracle

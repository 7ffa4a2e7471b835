#include "model.hpp"

// The axioms as the paper states them; the names are the paper's. Two things differ in form:
//  - A read-modify-write is one event, not two joined by `rmw`. Coherence then also needs eco
//    itself irreflexive: this says that an update is mo-after the store it reads (in the paper:
//    coherence between its halves) and that no store comes between the two (there: atomicity).
//  - Release sequences are those of C++20: a store and the chain of updates reading from it. The
//    paper's also continue with later stores of the same thread, as in C++11.
// There are no non-atomic accesses: plain memory is the business of race detection.

namespace pawl::oracle {
namespace {

bool is_write(const event& e) { return e.is_write(); }
bool is_read(const event& e) { return e.is_read(); }
bool is_update(const event& e) { return e.kind == effect::update; }
bool is_fence(const event& e) { return e.kind == effect::fence; }

bool is_seq_cst(const event& e) { return e.order == memory_order::seq_cst; }
bool is_seq_cst_fence(const event& e) { return is_fence(e) && is_seq_cst(e); }

/// At least release, as a write or a fence.
bool is_release(const event& e) {
  return !(is_read(e) && !is_write(e)) &&
         (e.order == memory_order::release || e.order == memory_order::acq_rel || is_seq_cst(e));
}

/// At least acquire, as a read or a fence.
bool is_acquire(const event& e) {
  return !(is_write(e) && !is_read(e)) &&
         (e.order == memory_order::acquire || e.order == memory_order::acq_rel || is_seq_cst(e));
}

/// sw = [E⊒rel] ; ([F];po)? ; rs ; rf ; [R] ; (po;[F])? ; [E⊒acq]   with   rs = [W] ; (rf;[U])*
relation synchronizes_with(const execution& x) {
  const relation fences = x.only(is_fence);
  const relation rs = x.only(is_write) * (x.rf * x.only(is_update)).plus().maybe();
  return x.only(is_release) * (fences * x.po).maybe() * rs * x.rf * x.only(is_read) *
         (x.po * fences).maybe() * x.only(is_acquire);
}

/// psc = psc_base ∪ psc_F, the partial order that sequentially consistent events must fit in.
relation partial_sc(const execution& x, const relation& hb, const relation& eco) {
  const relation sc_events = x.only(is_seq_cst);
  const relation sc_fences = x.only(is_seq_cst_fence);
  const relation elsewhere = x.po - x.same_location;

  const relation scb = x.po | elsewhere * hb * elsewhere | (hb & x.same_location) | x.mo | x.rb;
  const relation base =
      (sc_events | sc_fences * hb.maybe()) * scb * (sc_events | hb.maybe() * sc_fences);
  const relation between_fences = sc_fences * (hb | hb * eco * hb) * sc_fences;
  return base | between_fences;
}

relation happens_before(const execution& x) { return (x.po | synchronizes_with(x)).plus(); }
relation extended_coherence(const execution& x) { return (x.rf | x.mo | x.rb).plus(); }

bool allows_without_sc(const execution& x) {
  const relation hb = happens_before(x), eco = extended_coherence(x);
  return (x.po | x.rf).acyclic() && hb.irreflexive() && eco.irreflexive() &&
         (hb * eco).irreflexive();
}

bool allows(const execution& x) {
  return allows_without_sc(x) && partial_sc(x, happens_before(x), extended_coherence(x)).acyclic();
}

}  // namespace

const memory_model rc11{"rc11", allows};
const memory_model ra{"ra", allows_without_sc};

}  // namespace pawl::oracle

#include "kept_states.hpp"

#include "runtime.hpp"

namespace pawl::check::engine {

bool kept_states::take(runtime& r) {
  if (!threads_.take(r)) return false;
  begins_.push_back(contents_.size());
  r.drawn_memory().append_content(contents_);
  return true;
}

void kept_states::go_back(std::size_t n) {
  goes_on_ = n > 0;
  if (n >= begins_.size()) return;
  threads_.truncate(n);
  contents_.resize(begins_[n]);
  begins_.resize(n);
}

bool kept_states::restore(runtime& r) {
  if (!std::exchange(goes_on_, false)) return false;
  threads_.restore(begins_.size() - 1, r);
  r.drawn_memory().put_back(std::span(contents_).subspan(begins_.back()));
  return true;
}

}  // namespace pawl::check::engine

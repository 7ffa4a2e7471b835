#include <pawl/task/stop_token.hpp>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(stop_source) == 2 * sizeof(void*));
#endif

bool stop_token::stop_requested() const noexcept {
  return source_ != nullptr && source_->stop_requested();
}

bool stop_token::attach(stop_node& node) const noexcept {
  return source_ == nullptr || source_->attach(node);
}

bool stop_token::try_detach(stop_node& node) const noexcept {
  return source_ == nullptr || source_->try_detach(node);
}

std::uint32_t stop_token::number() const noexcept {
  return source_ == nullptr ? 0 : source_->number();
}

// Of two that ask first at the same time, one number is dropped.
std::uint32_t stop_source::number() noexcept {
  // [stop.5] relaxed: it says nothing but who this is.
  std::uint32_t mine = number_.load(memory_order_relaxed);
  if (mine != 0) return mine;
  while (mine == 0) mine = static_cast<std::uint32_t>(detail::next_number<stop_source>());
  std::uint32_t none = 0;
  // [stop.6] relaxed/relaxed: as [stop.5].
  const bool is_first =
      number_.compare_exchange_strong(none, mine, memory_order_relaxed, memory_order_relaxed);
  return is_first ? mine : none;
}

bool stop_source::stop_requested() const noexcept {
  // [stop.1] acquire: whoever sees the request sees what led to it; pairs with [stop.2],
  // [stop.4].
  return (state_.load(memory_order_acquire) & stop_bit) != 0;
}

bool stop_source::lock_unless_stopped(bits also_set) noexcept {
  const auto free_or_stopped = [](bits s) { return (s & lock_bit) == 0 || (s & stop_bit) != 0; };
  const auto take = [also_set](bits s) {
    return (s & stop_bit) != 0 ? s : static_cast<bits>(s | lock_bit | also_set);
  };
  // [stop.2] acq_rel: acquires the list; releases what led to a request; pairs with [stop.1],
  // [stop.2], [stop.4].
  return (spin_update(state_, free_or_stopped, take, memory_order_acq_rel) & stop_bit) == 0;
}

stop_source::bits stop_source::lock() noexcept {
  const auto is_free = [](bits s) { return (s & lock_bit) == 0; };
  const auto take = [](bits s) { return static_cast<bits>(s | lock_bit); };
  // [stop.3] acquire: acquires the list; pairs with [stop.4].
  return spin_update(state_, is_free, take, memory_order_acquire);
}

void stop_source::unlock(bits left) noexcept {
  // While locked, nobody changes the word: a store will do.
  // [stop.4] release: hands over the list, and what led to a request; pairs with [stop.1],
  // [stop.2], [stop.3].
  state_.store(left, memory_order_release);
}

bool stop_source::attach(stop_node& node) noexcept {
  if (!lock_unless_stopped(0)) return false;
  stop_node* const first = list_.read();
  node.next_.write(first);
  node.link_.write(&list_);
  if (first != nullptr) first->link_.write(&node.next_);
  list_.write(&node);
  unlock(0);
  return true;
}

void stop_source::unlink(stop_node& node) noexcept {
  stop_node* const next = node.next_.read();
  cell<stop_node*>* const link = node.link_.read();
  link->write(next);
  if (next != nullptr) next->link_.write(link);
  node.link_.write(nullptr);
}

bool stop_source::try_detach(stop_node& node) noexcept {
  const bits left = lock();
  const bool on_list = node.link_.read() != nullptr;
  if (on_list) unlink(node);
  unlock(left);
  return on_list;
}

void stop_source::mark() noexcept {
  if (lock_unless_stopped(stop_bit)) unlock(stop_bit);
}

stop_node* stop_source::take() noexcept {
  const bits left = lock();
  stop_node* const node = list_.read();
  if (node != nullptr) unlink(*node);
  unlock(left);
  return node;
}

bool stop_source::request_stop() noexcept {
  if (!lock_unless_stopped(stop_bit)) return false;
  // One node at a time: a callback may detach or destroy any other node of the list.
  while (stop_node* const node = list_.read()) {
    const auto run = node->run_;
    unlink(*node);
    const bool is_last = list_.read() == nullptr;
    unlock(stop_bit);
    run(*node);
    if (is_last) return true;  // nobody is attached any more
    lock();
  }
  unlock(stop_bit);
  return true;
}

PAWL_END

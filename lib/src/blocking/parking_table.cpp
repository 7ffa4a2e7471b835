#include <pawl/backend/fault.hpp>
#include <pawl/blocking/parking_table.hpp>

#include <cstddef>

PAWL_BEGIN

namespace detail {

namespace {

// The address of the first node; and the lowest bit is set while somebody holds the lock.
constexpr std::uintptr_t bucket_locked = 1;

// Aligned so that threads that wait for different objects don't share a cache line.
struct alignas(64) slot {
  atomic<std::uintptr_t> word{0};
};

constinit slot table[std::size_t{1} << limits::parking_bits]{};

slot& slot_of(const void* object) noexcept {
  // Multiplied by 2^64 / the golden ratio, addresses in a row spread evenly (Knuth, TAOCP 6.4).
  const auto address = std::uint64_t{reinterpret_cast<std::uintptr_t>(object)};
  return table[address * 0x9e3779b97f4a7c15u >> (64 - limits::parking_bits)];
}

}  // namespace

bool share_bucket(const void* one, const void* other) noexcept {
  return &slot_of(one) == &slot_of(other);
}

// ---- the bucket ---------------------------------------------------------------------------------

parking_bucket::parking_bucket(const void* object) noexcept : word_(slot_of(object).word) {
  const auto is_free = [](std::uintptr_t word) { return (word & bucket_locked) == 0; };
  const auto locked = [](std::uintptr_t word) { return word | bucket_locked; };
  // [parking.1] acquire: takes over the queue, and the words of the objects that wait here; pairs
  // with [parking.2].
  const memory_order order = fault::order_unless(fault::weak_bucket, memory_order_acquire);
  head_ = reinterpret_cast<parked_thread*>(spin_update(word_, is_free, locked, order));
}

parking_bucket::~parking_bucket() {
  // [parking.2] release: hands over what the lock protects; pairs with [parking.1].
  word_.store(reinterpret_cast<std::uintptr_t>(head_), memory_order_release);
  // Each is there until it is unparked, and then may be gone.
  while (parked_thread* const thread = woken_.pop()) thread->parker_.unpark();
}

void parking_bucket::append(parked_thread& thread) noexcept {
  thread.why_.write(unparked::not_yet);
  if (head_ == nullptr) {
    head_ = &thread;
    thread.next_.write(&thread);
    thread.previous_.write(&thread);
    return;
  }
  parked_thread* const last = head_->previous_.read();
  thread.next_.write(head_);
  thread.previous_.write(last);
  last->next_.write(&thread);
  head_->previous_.write(&thread);
}

void parking_bucket::prepend(parked_thread& thread) noexcept {
  append(thread);
  head_ = &thread;
}

void parking_bucket::remove(parked_thread& thread) noexcept {
  parked_thread* const after = thread.next_.read();
  parked_thread* const before = thread.previous_.read();
  before->next_.write(after);
  after->previous_.write(before);
  if (head_ == &thread) head_ = after == &thread ? nullptr : after;
}

parked_thread* parking_bucket::first(const void* object) const noexcept {
  if (head_ == nullptr || head_->awaited_.read() == object) return head_;
  return behind(*head_, object);
}

parked_thread* parking_bucket::behind(const parked_thread& thread,
                                      const void* object) const noexcept {
  parked_thread* each = thread.next_.read();
  while (each != head_ && each->awaited_.read() != object) each = each->next_.read();
  return each == head_ ? nullptr : each;
}

void parking_bucket::wake(parked_thread& thread, unparked why) noexcept {
  thread.why_.write(why);
  woken_.append(thread);
}

void parked_list::append(parked_thread& thread) noexcept {
  thread.next_.write(nullptr);
  if (first_ == nullptr)
    first_ = &thread;
  else
    last_->next_.write(&thread);
  last_ = &thread;
}

parked_thread* parked_list::pop() noexcept {
  parked_thread* const thread = first_;
  if (thread != nullptr) first_ = thread->next_.read();
  return thread;
}

// ---- the thread ---------------------------------------------------------------------------------

parked_thread::parked_thread(void* object, left_function left) noexcept
    : parker_(parker::current()), home_(object), left_(left), awaited_(object) {}

unparked parked_thread::wait(const patience& limit) noexcept {
  if (!limit.token.stop_possible()) return block(limit);
  const auto stopped = [this]() noexcept {
    // The thread that was taken off the queue here waits for exactly this unpark.
    if (give_up(unparked::cancelled)) parker_.unpark();
  };
  // When it dies, nobody is inside `stopped`, or will be.
  const stop_callback hook(limit.token, stopped);
  return block(limit);
}

// A thread that is not queued any more will be unparked, and waits for that (PARK-PAIR).
unparked parked_thread::block(const patience& limit) noexcept {
  const bool is_late = limit.deadline && !parker_.park_until(*limit.deadline);
  if (!limit.deadline || (is_late && !give_up(unparked::timed_out))) parker_.park();
  return why_.read();
}

// Returns: whether the thread was queued for what it came for, and is not any more.
bool parked_thread::give_up(unparked why) noexcept {
  parking_bucket bucket(home_);
  const bool was_moved = awaited_.read() != home_;  // then another bucket's lock protects the rest
  if (was_moved || why_.read() != unparked::not_yet) return false;
  if (!fault::gone_stays_parked) bucket.remove(*this);
  why_.write(why);
  left_(bucket, home_);
  return true;
}

}  // namespace detail

PAWL_END

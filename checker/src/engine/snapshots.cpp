#include "snapshots.hpp"

#include <cstring>
#include <type_traits>

#include "runtime.hpp"

namespace pawl::check::engine {
namespace {

// Either appends to a buffer or reads it again, so that both directions share one description.
class writer {
 public:
  writer(std::byte* to, std::byte* end) : to_(to), end_(end) {}
  void bytes(const std::byte* from, std::size_t n) {
    if (static_cast<std::size_t>(end_ - to_) < n) {
      full_ = true;
      return;
    }
    std::memcpy(to_, from, n);
    to_ += n;
  }
  template <class T>
  void value(const T& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes(reinterpret_cast<const std::byte*>(&v), sizeof v);
  }
  template <class T>
  void values(const std::vector<T>& v) {
    value(v.size());
    bytes(reinterpret_cast<const std::byte*>(v.data()), v.size() * sizeof(T));
  }
  [[nodiscard]] bool full() const { return full_; }
  [[nodiscard]] std::byte* position() const { return to_; }

 private:
  std::byte *to_, *end_;
  bool full_ = false;
};

class reader {
 public:
  explicit reader(const std::byte* from) : from_(from) {}
  void bytes(std::byte* to, std::size_t n) {
    std::memcpy(to, from_, n);
    from_ += n;
  }
  template <class T>
  void value(T& v) {
    bytes(reinterpret_cast<std::byte*>(&v), sizeof v);
  }
  template <class T>
  void values(std::vector<T>& v) {
    std::size_t n = 0;
    value(n);
    v.resize(n);
    bytes(reinterpret_cast<std::byte*>(v.data()), n * sizeof(T));
  }

 private:
  const std::byte* from_;
};

// A stack that will be used again.
bool has_stack(const runtime::model_thread& m) {
  using state = runtime::model_thread::state;
  return m.at != state::finished && m.at != state::absent;
}

}  // namespace

bool snapshot_stack::take(const runtime& r) {
  if (top_ > room) return false;
  if (bytes_.size() < top_ + largest) bytes_.resize(top_ + 2 * largest);
  writer out(&bytes_[top_], &bytes_[top_ + largest - 1]);
  out.value(r.course);
  out.values(r.executed);
  out.values(r.read_vectors);
  for (thread_index t = 0; t < r.thread_count(); ++t) {
    const runtime::model_thread& m = r.thread(t);
    out.value(static_cast<const runtime::position&>(m));
    out.value(m.memory.in_use());
    out.values(m.sections);
    out.values(m.slots);
    out.bytes(m.memory.heap(), m.memory.in_use().used);
    if (has_stack(m)) {
      const std::byte* const from = m.context.stack_pointer();
      out.bytes(from, static_cast<std::size_t>(m.memory.stack_top() - from));
    }
  }
  if (out.full()) return false;
  begins_.push_back(top_);
  top_ = static_cast<std::size_t>(out.position() - bytes_.data());
  return true;
}

void snapshot_stack::restore(std::size_t n, runtime& r) const {
  reader in(&bytes_[begins_[n]]);
  in.value(r.course);
  in.values(r.executed);
  in.values(r.read_vectors);
  for (thread_index t = 0; t < r.thread_count(); ++t) {
    runtime::model_thread& m = r.thread(t);
    in.value(static_cast<runtime::position&>(m));
    fiber::thread_memory::extent e;
    in.value(e);
    m.memory.rewind(e);
    in.values(m.sections);
    in.values(m.slots);
    in.bytes(m.memory.heap(), e.used);
    if (has_stack(m)) {
      std::byte* const to = m.context.stack_pointer();
      in.bytes(to, static_cast<std::size_t>(m.memory.stack_top() - to));
    }
  }
}

void snapshot_stack::truncate(std::size_t n) {
  if (n >= begins_.size()) return;
  top_ = begins_[n];
  begins_.resize(n);
}

}  // namespace pawl::check::engine

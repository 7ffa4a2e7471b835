// A pointer that counts its owners, like std::shared_ptr.
//
// The bug: the count is lowered with a relaxed operation. The last owner frees the object, but
// nothing makes what others did with it before they let go come first.
//
//   pawl check reference_count.cpp
//   pawl check reference_count.cpp -- -DRELAXED_RELEASE
#include <atomic>
#include <cassert>
#include <thread>
#include <utility>

#ifdef RELAXED_RELEASE
constexpr auto release_order = std::memory_order_relaxed;
#else
constexpr auto release_order = std::memory_order_acq_rel;
#endif

template <typename T>
class Shared {
 public:
  template <typename... Arguments>
  static Shared make(Arguments&&... arguments) {
    return Shared(new Counted{{1}, T{std::forward<Arguments>(arguments)...}});
  }

  Shared(const Shared& other) : counted_(other.counted_) {
    // Whoever copies has an owner already, so that nobody can be freeing it.
    if (counted_ != nullptr) counted_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  Shared(Shared&& other) noexcept : counted_(std::exchange(other.counted_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(counted_, other.counted_);
    return *this;
  }
  ~Shared() {
    if (counted_ != nullptr && counted_->owners.fetch_sub(1, release_order) == 1) delete counted_;
  }

  T* operator->() const { return &counted_->value; }

 private:
  struct Counted {
    std::atomic<int> owners;
    T value;
  };

  explicit Shared(Counted* counted) : counted_(counted) {}

  Counted* counted_;
};

struct Image {
  int width;
  int height;
};

static void draw(Shared<Image> image) { assert(image->width * image->height == 12); }

int main() {
  auto image = Shared<Image>::make(4, 3);
  std::thread screen(draw, image);
  std::thread printer(draw, std::move(image));
  screen.join();
  printer.join();
}

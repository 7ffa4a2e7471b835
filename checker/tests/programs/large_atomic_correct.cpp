// Atomic objects of more than 8 bytes, and of sizes that hardware has no operation for.
// expect stack: PASS
// expect message: PASS complete=2 blocked=0
// expect -latomic message: PASS complete=2 blocked=0
// expect sum 8: PASS complete=2 blocked=0
// expect sum 16: PASS complete=2 blocked=0
// expect buffering 8: PASS complete=4 blocked=0
// expect buffering 16: PASS complete=4 blocked=0
// expect --memory-model=sc buffering 8: PASS complete=3 blocked=0
// expect --memory-model=sc buffering 16: PASS complete=3 blocked=0
// expect ref: PASS complete=1 blocked=0
// expect odd: PASS complete=2 blocked=0
// expect floating: PASS complete=2 blocked=2
// expect wait: PASS complete=1 blocked=0
// expect parts: PASS complete=1 blocked=0
// expect overwritten: PASS complete=1 blocked=0
// expect early: PASS complete=1 blocked=0
#include <atomic>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <thread>

using std::string_view;
__extension__ using pair = unsigned __int128;

template <class First, class Second>
void run(First first, Second second) {
  std::thread t(first);
  second();
  t.join();
}

// ---- a stack whose head has a tag ---------------------------------------------------------------

struct node {
  int value;
  std::atomic<node*> next;
};
struct tagged {
  node* at;
  std::uintptr_t tag;
};

class stack {
 public:
  void push(node* n) {
    tagged old = head_.load(std::memory_order_relaxed);
    do n->next.store(old.at, std::memory_order_relaxed);
    while (!head_.compare_exchange_weak(old, {n, old.tag + 1}, std::memory_order_release,
                                        std::memory_order_relaxed));
  }
  node* pop() {
    tagged old = head_.load(std::memory_order_acquire);
    while (old.at != nullptr &&
           !head_.compare_exchange_weak(old,
                                        {old.at->next.load(std::memory_order_relaxed), old.tag + 1},
                                        std::memory_order_acquire, std::memory_order_acquire)) {}
    return old.at;
  }

 private:
  std::atomic<tagged> head_{};
};

void test_stack() {
  stack s;
  node a{1, {}}, b{2, {}}, c{3, {}};
  s.push(&a);
  s.push(&b);
  int sum = 0;
  run(
      [&] {
        if (node* const n = s.pop()) s.push(n);
      },
      [&] {
        s.push(&c);
        s.pop();
      });
  for (node* n = s.pop(); n != nullptr; n = s.pop()) sum += n->value;
  assert(sum == 3 || sum == 4 || sum == 5);
}

// ---- others -------------------------------------------------------------------------------------

struct message {
  long kind, length, sequence;
};

void test_message() {
  std::atomic<message> box{message{0, 0, 0}};
  int data = 0;
  run(
      [&] {
        data = 1;
        box.store({1, 2, 3}, std::memory_order_release);
      },
      [&] {
        const message m = box.load(std::memory_order_acquire);
        assert(m.kind == 0 || (m.length == 2 && m.sequence == 3 && data == 1));
      });
  message all = box.exchange({4, 5, 6}), six = {4, 5, 6};
  assert(all.sequence == 3 && !box.compare_exchange_strong(all, {7, 8, 9}) && all.length == 5);
  assert(box.compare_exchange_strong(six, {7, 8, 9}) && box.load().kind == 7);
}

template <class T>
void test_sum() {
  alignas(16) T n = 40;
  run([&] { __atomic_fetch_add(&n, T{1}, __ATOMIC_RELAXED); },
      [&] { __atomic_fetch_add(&n, T{1}, __ATOMIC_RELAXED); });
  assert(__atomic_load_n(&n, __ATOMIC_RELAXED) == 42);
  assert(n == 42);
  if constexpr (sizeof(T) > 8) {
    assert(__atomic_fetch_sub(&n, T{43}, __ATOMIC_RELAXED) == 42 && n == ~T{0});
    assert(__atomic_and_fetch(&n, T{1} << 100, __ATOMIC_RELAXED) == T{1} << 100);
    assert(__atomic_or_fetch(&n, T{3}, __ATOMIC_RELAXED) == (T{1} << 100) + 3);
    assert(__atomic_xor_fetch(&n, T{1}, __ATOMIC_RELAXED) == (T{1} << 100) + 2);
    assert(__atomic_nand_fetch(&n, T{1} << 100, __ATOMIC_RELAXED) == ~(T{1} << 100));
  }
}

template <class T>
void test_buffering() {
  alignas(16) T x = 0, y = 0;
  T seen[2];
  run(
      [&] {
        __atomic_store_n(&x, T{1}, __ATOMIC_RELAXED);
        seen[0] = __atomic_load_n(&y, __ATOMIC_RELAXED);
      },
      [&] {
        __atomic_store_n(&y, T{1}, __ATOMIC_RELAXED);
        seen[1] = __atomic_load_n(&x, __ATOMIC_RELAXED);
      });
  assert(seen[0] <= 1 && seen[1] <= 1);
}

struct alignas(16) point {
  long x, y;
};

void test_ref() {
  const auto p = std::make_unique<point>(point{1, 2});
  std::thread t([&] { std::atomic_ref(*p).store({3, 4}); });
  t.join();
  assert(p->x == 3 && p->y == 4);
  p->x = 5;
  assert(p->y == 4 && std::atomic_ref(*p).load().x == 5);
  point q = *p;
  assert(std::atomic_ref(*p).compare_exchange_strong(q, {6, 7}));
  point copied;
  std::memcpy(&copied, p.get(), sizeof copied);
  assert(copied.x == 6 && copied.y == 7);
}

template <std::size_t Size>
struct text {
  char bytes[Size];
};

template <std::size_t Size>
void pass_text() {
  struct {
    char before[5];
    std::atomic<text<Size>> value;
    char behind[3];
  } o{};
  run(
      [&] {
        text<Size> t{};
        t.bytes[0] = 'a';
        t.bytes[Size - 1] = 'z';
        o.value.store(t, std::memory_order_relaxed);
        o.before[4] = 1;
      },
      [&] { o.behind[0] = 2; });
  const text<Size> t = o.value.load(std::memory_order_relaxed);
  assert(t.bytes[0] == 'a' && t.bytes[Size - 1] == 'z' && o.before[4] == 1 && o.behind[0] == 2);
}

void test_odd() {
  pass_text<3>();
  pass_text<5>();
  pass_text<6>();
  pass_text<12>();
  pass_text<40>();
  pass_text<300>();
  std::atomic<text<5>> all[3] = {};
  run([&] { all[1].store({"abcd"}, std::memory_order_release); },
      [&] {
        text<5> t = all[1].load(std::memory_order_acquire);
        assert(t.bytes[0] == 0 || t.bytes[3] == 'd');
      });
}

void test_floating() {
  std::atomic<float> f{1.5f};
  std::atomic<double> d{2.5};
  std::atomic<long double> l{3.5L};
  run([&] { f.fetch_add(1.0f, std::memory_order_relaxed); },
      [&] { f.fetch_add(2.0f, std::memory_order_relaxed); });
  assert(f == 4.5f);
  d = 4.0;
  l = 5.0L;
  assert(d.fetch_sub(1.0) == 4.0 && d == 3.0 && l.load() == 5.0L && l.exchange(6.0L) == 5.0L);
}

void test_wait() {
  std::atomic<point> p{point{1, 1}};
  run(
      [&] {
        p.store({1, 2});
        p.notify_one();
      },
      [&] {
        p.wait({1, 1});
        assert(p.load().y == 2);
      });
}

// A plain access to any part finds what was stored, and a plain write leaves the rest.
void test_parts() {
  alignas(16) static point statics{1, 2};
  point on_stack{1, 2};
  for (point* const p : {&statics, &on_stack}) {
    std::atomic_ref(*p).store({8, 9}, std::memory_order_relaxed);
    assert(p->y == 9);
    reinterpret_cast<char*>(&p->y)[1] = 1;
    assert(p->x == 8 && p->y == 256 + 9);
    point q{8, 265};
    assert(std::atomic_ref(*p).compare_exchange_strong(q, {10, 11}));
    p->x = 12;
    assert(p->y == 11);
  }
}

// What was written last is what is left at the end: nothing leaks.
void test_overwritten() {
  alignas(16) static struct {
    int* one;
    int* other;
  } kept;
  static int* small;
  int* const one = new int;
  std::atomic_ref(small).store(nullptr);
  small = one;
  int* const two = new int;
  std::atomic_ref(kept).store({nullptr, nullptr});
  kept.other = two;
  int* const three = new int;
  std::atomic_ref(kept).store({three, two});
}

std::atomic<point>* const made_early = new std::atomic<point>(point{1, 2});
std::atomic<message> stored_early;
const bool is_stored = (stored_early.store({1, 2, 3}), made_early->exchange({3, 4}).x == 1);

void test_early() {
  assert(is_stored && stored_early.load().sequence == 3 && made_early->load().y == 4);
  made_early->store({5, 6});
  stored_early.store({4, 5, 6});
  assert(!stored_early.is_lock_free());
}

int main(int count, char** arguments) {
  const string_view how = arguments[1];
  const bool small = count > 2 && arguments[2] == string_view("8");
  if (how == "stack") test_stack();
  if (how == "message") test_message();
  if (how == "sum") small ? test_sum<std::uint64_t>() : test_sum<pair>();
  if (how == "buffering") small ? test_buffering<std::uint64_t>() : test_buffering<pair>();
  if (how == "ref") test_ref();
  if (how == "odd") test_odd();
  if (how == "floating") test_floating();
  if (how == "wait") test_wait();
  if (how == "parts") test_parts();
  if (how == "overwritten") test_overwritten();
  if (how == "early") test_early();
}

// What variables are called in sentences: their parts, too, on stacks and elsewhere.
// expect -DLOCAL: FAIL data_race: work.left
// expect -DBASE: FAIL data_race: work.done
// expect -DELEMENT: FAIL data_race: writes slots[1].count
// expect -DSTATIC_MEMBER: FAIL data_race: writes queue::length
// expect -DINLINED: FAIL data_race: total
// expect -DLOCKS: FAIL deadlock: held by thread 2; thread 2 waits
// expect -DPOINTER: FAIL deadlock: reading last = &slots[1]
// expect -DPOINTER_TO_FIRST: FAIL deadlock: reading head = &nodes[1]
// expect -DPOINTER_INTO: FAIL deadlock: reading inner = &nodes[1].next
#include <atomic>
#include <mutex>
#include <thread>

struct progress {
  int done = 0;
};

struct jobs : progress {
  std::mutex first, second;
  int left = 2;
};

struct slot {
  long padding[2];
  int key, count;
};
slot slots[3];
std::atomic<slot*> last = &slots[1];

struct node {
  int value;
  node* next;
};
node nodes[3];
std::atomic<node*> head = &nodes[1];
std::atomic<node**> inner = &nodes[1].next;

struct queue {
  static int length;
};
int queue::length;

inline void add_up() {
  int total = 0;
  std::thread other([&] { ++total; });
  ++total;
  other.join();
}

void take(jobs& work, bool forward) {
  std::scoped_lock<std::mutex> one(forward ? work.first : work.second);
  std::scoped_lock<std::mutex> two(forward ? work.second : work.first);
}

int main() {
  jobs work;
  const auto both = [](auto f) {
    std::thread one([=] { f(true); }), two([=] { f(false); });
    one.join();
    two.join();
  };
#if defined(LOCAL)
  both([&work](bool) { --work.left; });
#elif defined(BASE)
  both([&work](bool) { ++work.done; });
#elif defined(ELEMENT)
  both([](bool) { slots[1].count = 1; });
#elif defined(STATIC_MEMBER)
  both([](bool) { queue::length = 1; });
#elif defined(INLINED)
  add_up();
#elif defined(LOCKS)
  both([&work](bool forward) { take(work, forward); });
#elif defined(POINTER)
  while (last != nullptr) {}
#elif defined(POINTER_TO_FIRST)
  while (head != nullptr) {}
#elif defined(POINTER_INTO)
  while (inner != nullptr) {}
#endif
}

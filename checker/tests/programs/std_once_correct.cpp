// Static variables of functions, and std::call_once, also of one that throws.
// expect: PASS complete=2 blocked=0
// expect -DFLAG: PASS complete=2 blocked=0
// expect -DTHROWS: PASS complete=2 blocked=0
// expect -DBEFORE: PASS complete=1 blocked=0
#include <cassert>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

std::once_flag flag;
int calls, tries;

struct counted {
  std::string text = "long enough to be allocated on the heap";
  counted() { ++calls; }
};

const std::string& text() {
  static counted c;
  return c.text;
}

void use(int me) {
#if defined(FLAG)
  std::call_once(flag, [me] { calls += me; });
#elif defined(THROWS)
  try {
    std::call_once(flag, [] {
      if (tries++ == 0) throw std::runtime_error("again");
      ++calls;
    });
  } catch (const std::runtime_error&) {}
#else
  (void)me;
  assert(text().size() > 9);
#endif
}

int main() {
#ifdef BEFORE
  text();
#endif
  std::thread one(use, 1), two(use, 2);
  one.join();
  two.join();
#ifdef FLAG
  assert(calls == 1 || calls == 2);
#else
  assert(calls == 1);
#endif
}

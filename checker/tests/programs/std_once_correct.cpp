// Static variables of functions, and std::call_once, also of one that throws.
// expect static: PASS complete=2 blocked=0
// expect flag: PASS complete=2 blocked=0
// expect throws: PASS complete=2 blocked=0
// expect before: PASS complete=1 blocked=0
#include <cassert>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

std::string_view how;
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

void throw_once() {
  if (tries++ == 0) throw std::runtime_error("again");
  ++calls;
}

void use(int me) {
  if (how == "flag") {
    std::call_once(flag, [me] { calls += me; });
  } else if (how == "throws") {
    try {
      std::call_once(flag, throw_once);
    } catch (const std::runtime_error&) {}
  } else {
    assert(text().size() > 9);
  }
}

int main(int, char** arguments) {
  how = arguments[1];
  if (how == "before") text();
  std::thread one(use, 1), two(use, 2);
  one.join();
  two.join();
  assert(calls == 1 || (how == "flag" && calls == 2));
}

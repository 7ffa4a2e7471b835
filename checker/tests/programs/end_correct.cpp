// What is destroyed and called at the end, by whom, in which order; in every execution anew.
// expect returns: PASS complete=2 blocked=0
// expect exits: PASS complete=2 blocked=0
#include <pthread.h>

#include <atomic>
#include <cassert>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

static std::string order;
static std::atomic<int> touched;

struct speaks {
  char letter;
  ~speaks() { order += letter; }
};

static std::string& text() {
  static std::string s = "long enough to be allocated on the heap";
  return s;
}

static void first() {
  static speaks s{'s'};
  (void)s;
}

thread_local speaks of_thread{'t'};

int main(int, char** arguments) {
  assert(order.empty());  // Of no other execution.
  std::atexit([] { assert(order == "ltas"); });
  first();
  std::atexit([] { order += 'a'; });
  text() += '!';
  std::thread([] {
    speaks local{'l'};
    of_thread.letter = 't';
  }).join();
  // Registered later, called earlier.
  std::atexit([] { assert(order == "lt"); });
  std::thread other([] { touched = 1; });
  touched = 2;
  other.join();
  order = "lt";
  std::atexit([] {});
  if (std::string_view(arguments[1]) == "exits") std::exit(0);
}

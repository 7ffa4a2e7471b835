// expect never_set: FAIL deadlock: waits
// expect set_twice: FAIL exception: Promise already satisfied
// expect broken: FAIL exception: Broken promise
// expect at_exit: FAIL limit: not modelled
#include <future>
#include <string_view>
#include <thread>

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  std::promise<int> p;
  auto result = p.get_future();
  if (how == "set_twice") {
    p.set_value(1);
    p.set_value(2);
  }
  if (how == "broken") std::promise<int>(std::move(p));
  if (how == "at_exit") p.set_value_at_thread_exit(1);
  result.get();
}

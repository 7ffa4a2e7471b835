// expect not_joined: FAIL exception: main called std::terminate
// expect throws: FAIL exception: an exception left thread 1: lost
// expect race: FAIL data_race: x
#include <stdexcept>
#include <string_view>
#include <thread>

int x;

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  std::thread t([how] {
    if (how == "throws") throw std::runtime_error("lost");
    x = 1;
  });
  if (how == "race") x = 2;
  if (how != "not_joined") t.join();
}

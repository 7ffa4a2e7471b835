// A queue whose readers sleep while it is empty: the queue is the state, notify says when to look.
#include <deque>
#include <iostream>
#include <optional>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/notify.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/thread_pool.hpp>
#include <utility>
#include <vector>

class mailroom {
 public:
  void post(int letter) {
    letters_.lock_blocking().value()->push_back(letter);
    posted_.notify_one();  // wakes one reader, or is stored for the next one who looks
  }

  pawl::task<int> take() {
    for (;;) {
      auto place = posted_.enable();  // from here on, no letter goes unnoticed
      const auto letter = co_await look();
      if (letter) co_return *letter;  // what came to the place is passed on
      static_cast<void>(co_await std::move(place));
    }
  }

 private:
  pawl::task<std::optional<int>> look() {
    const auto letters = co_await letters_.lock();
    if ((*letters)->empty()) co_return std::nullopt;
    const int first = (*letters)->front();
    (*letters)->pop_front();
    co_return first;
  }

  pawl::mutex<std::deque<int>> letters_;
  pawl::notify posted_;
};

pawl::task<int> read(mailroom& room, int letters) {
  int sum = 0;
  for (int i = 0; i < letters; ++i) sum += co_await room.take();
  co_return sum;
}

int main() {
  pawl::thread_pool pool(2);
  mailroom room;
  std::vector<pawl::join_handle<int>> readers;
  for (int i = 0; i < 3; ++i) readers.push_back(pawl::spawn(pool, read(room, 10)));
  for (int letter = 1; letter <= 30; ++letter) room.post(letter);
  int sum = 0;
  for (auto& each : readers) sum += std::move(each).join_blocking().value();
  std::cout << sum << '\n';
}

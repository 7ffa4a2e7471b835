// Containers that a mutex protects, and different ones at once.
// expect: PASS complete=2 blocked=0
// expect -std=c++17: PASS complete=2 blocked=0
// expect -DAPART: PASS complete=1 blocked=0
// expect -DREADERS: PASS complete=1 blocked=0
#include <cassert>
#include <iostream>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

struct everything {
  std::map<std::string, int> map{{"one", 1}, {"two", 2}};
  std::list<int> list{1, 2}, more{3};
  std::set<int> set;
  std::unordered_map<std::string, int> table;
  std::vector<std::string> texts;
  std::string text;

  void change(int by) {
    for (int i = 0; i < 5; ++i) {
      map["a long name with the number " + std::to_string(by + i)] += i;
      set.insert(by - i);
      table["a long name with the number " + std::to_string(by)] = i;
    }
    map.erase("one");
    for (auto at = map.begin(); at != map.end(); ++at) text += at->first;
    list.push_back(by);
    list.splice(list.begin(), more);
    list.sort();
    list.reverse();
    list.remove(by);
    texts.push_back(text.substr(2, 30) + "!");
    std::ostringstream out;
    out << text << by << 1.5 << texts.back();
    std::cout << out.str() << std::endl;
    text.clear();
  }
  std::size_t look() const {
    std::size_t n = text.find("x") + text.compare("one");
    for (const auto& [key, value] : map) n += key.size() + value;
    for (const int each : list) n += each;
    return n + map.count("two") + table.count("two");
  }
};

std::mutex m;
everything shared;

void body(int by) {
#if defined(APART)
  everything own;
  own.change(by);
#elif defined(READERS)
  assert(shared.look() + by != 0);
#else
  const std::lock_guard lock(m);
  shared.change(by);
#endif
}

int main() {
  std::thread one(body, 10), two(body, 20);
  one.join();
  two.join();
  assert(shared.map.count("two") == 1);
}

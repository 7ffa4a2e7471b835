// What containers do in the library is seen: maps and lists change nodes there, and strings their
// bytes under every standard.
// expect -DINSERTS: FAIL data_race: map
// expect -DLOOKS_UP: FAIL data_race: writes
// expect -DERASES: FAIL data_race
// expect -DITERATES: FAIL data_race
// expect -DPUSHES: FAIL data_race: list
// expect -DADDS: FAIL data_race: list
// expect --races=explore -DADDS: FAIL limit: lets a function of a library read list
// expect -DWALKS: FAIL data_race
// expect -DREVERSES: FAIL data_race: list
// expect -DSPLICES: FAIL data_race: list
// expect -DAPPENDS -std=c++17: FAIL data_race: text
// expect -DAPPENDS: FAIL data_race: text
// expect -DFINDS -std=c++17: FAIL data_race
// expect -DHASHES: FAIL data_race
// expect -DPRINTS: FAIL data_race
// expect -DREADS: FAIL data_race: text
#include <functional>
#include <iostream>
#include <list>
#include <map>
#include <string>
#include <thread>

std::map<int, int> map{{1, 1}, {2, 2}, {3, 3}};
std::list<int> list{1, 2, 3}, more{4};
std::string text = "a text that is rather long";
std::size_t number;

void first() {
#if defined(INSERTS) || defined(LOOKS_UP)
  map.insert({5, 5});
#elif defined(ERASES) || defined(ITERATES)
  map.erase(2);
#elif defined(PUSHES) || defined(WALKS) || defined(ADDS)
  list.push_back(5);
#elif defined(REVERSES)
  list.reverse();
#elif defined(SPLICES)
  list.splice(list.end(), more);
#elif defined(APPENDS)
  text += "er";
#elif defined(READS)
  std::cin >> text;
#else
  text[3] = 'x';
#endif
}

void second() {
#if defined(INSERTS)
  map.insert({0, 0});
#elif defined(LOOKS_UP) || defined(ERASES)
  number = map.count(3);
#elif defined(ITERATES)
  for (const auto& [key, value] : map) number += value;
#elif defined(PUSHES)
  list.push_front(0);
#elif defined(ADDS)
  list.push_back(0);
#elif defined(WALKS)
  for (const int each : list) number += each;
#elif defined(REVERSES) || defined(SPLICES)
  number = list.back();
#elif defined(FINDS)
  number = text.find("rather");
#elif defined(HASHES)
  number = std::hash<std::string>()(text);
#elif defined(PRINTS)
  std::cout << text;
#else
  number = text.size();
#endif
}

int main() {
  std::thread t(first);
  second();
  t.join();
}

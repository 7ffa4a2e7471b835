#include "scripted_explore.hpp"

#include <csignal>
#include <fstream>
#include <string>

#include <pawl/check/checkpoint.hpp>

namespace {

using namespace pawl::check;

report report_of(verdict v, const options& o) {
  report r;
  r.options = o;
  r.verdict = v;
  r.complete = 6;
  r.seconds = 0.25;
  return r;
}

report bug(failure_kind kind, const char* sentence, const options& o) {
  report r = report_of(verdict::bug, o);
  failure f;
  f.kind = kind;
  f.sentence = sentence;
  f.threads = {"main"};
  f.token = "1:2:3";
  r.error = f;
  return r;
}

/// The second word of the name says what happens.
report by_name(const options& o, const std::function<bool(const progress&)>& watch) {
  const std::string_view word = o.model.substr(o.model.find('.') + 1);
  if (word == "bug") return bug(failure_kind::deadlock, "both wait for each other", o);
  if (word == "bound") return bug(failure_kind::limit, "more than 4096 events", o);
  if (word == "limited") return report_of(verdict::limited, o);
  if (word == "refused") {
    report r = report_of(verdict::refused, o);
    r.message = "the token is of another program";
    return r;
  }
  if (word == "crash") std::raise(SIGKILL);
  if (word == "interrupted" || word == "interrupted_twice") {
    std::raise(SIGINT);
    if (word == "interrupted_twice") std::raise(SIGINT);
    const bool go_on = watch({.complete = 6, .blocked = 0, .seconds = 0.25});
    return report_of(go_on ? verdict::clean : verdict::limited, o);
  }
  return report_of(verdict::clean, o);
}

script::function current = by_name;

}  // namespace

script::script(function f) { current = std::move(f); }
script::~script() { current = by_name; }

namespace pawl::check {

bool holds_unfinished(const std::string& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word == "unfinished";
}

report explore(program, options o, std::function<bool(const progress&)> watch) {
  return current(o, watch);
}

}  // namespace pawl::check

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>

#include "program.hpp"

namespace pawl::oracle {
namespace {

/// Reads one operation, word by word. Every failure names the whole operation.
class operation_parser {
 public:
  explicit operation_parser(std::string_view text) : text_(text) {
    std::istringstream words{std::string(text)};
    for (std::string word; words >> word;) words_.push_back(word);
  }

  operation parse() {
    operation o;
    if (peek().starts_with('r') && words_.size() > 1 && words_[1] == "=") {
      o.result = register_index(next());
      expect("=");
    }
    read_body(o, next());
    if (position_ != words_.size()) fail("unexpected '" + peek() + "'");
    return o;
  }

 private:
  void read_body(operation& o, const std::string& verb) {
    if (verb == "if") return read_skip(o);
    o.kind = kind_of(verb);
    if (accesses(o)) o.location = location();
    switch (o.kind) {
      case op::store:
        read_stored_value(o);
        break;
      case op::fetch_add:
      case op::exchange:
        o.operand = number(next());
        break;
      case op::cas:
        o.expected = number(next());
        o.operand = number(next());
        break;
      case op::await:
        read_test(o);
        break;
      case op::await_rmw:
        read_test(o);
        expect("->");
        o.operand = number(next());
        break;
      case op::load:
      case op::fence:
      case op::skip_if:
        break;
    }
    o.order = optional_order();
    if (o.kind == op::cas) o.failure_order = optional_order();
  }

  void read_skip(operation& o) {
    o.kind = op::skip_if;
    o.result = register_index(next());
    read_test(o);
    expect("skip");
    o.skip = number(next());
  }

  void read_stored_value(operation& o) {
    const std::string word = next();
    if (!word.starts_with('r')) {
      o.operand = number(word);
      return;
    }
    const std::size_t plus = word.find('+');
    o.addend = register_index(word.substr(0, plus));
    if (plus != std::string::npos) o.operand = number(word.substr(plus + 1));
  }

  void read_test(operation& o) {
    const std::string sign = next();
    if (sign != "==" && sign != "!=") fail("expected == or !=");
    o.test = sign == "==" ? comparison::equal : comparison::not_equal;
    o.expected = number(next());
  }

  op kind_of(const std::string& verb) {
    if (verb == "load") return op::load;
    if (verb == "store") return op::store;
    if (verb == "fetch_add") return op::fetch_add;
    if (verb == "exchange") return op::exchange;
    if (verb == "cas") return op::cas;
    if (verb == "fence") return op::fence;
    if (verb == "await") return op::await;
    if (verb == "await_rmw") return op::await_rmw;
    fail("unknown operation '" + verb + "'");
  }

  int location() {
    const std::string word = next();
    constexpr std::string_view letters = "xyzw";
    if (word.size() == 1 && letters.find(word[0]) != letters.npos) {
      return static_cast<int>(letters.find(word[0]));
    }
    if (!word.starts_with('m')) fail("unknown location '" + word + "'");
    return number(word.substr(1));
  }

  memory_order optional_order() {
    if (position_ == words_.size()) return memory_order::relaxed;
    const std::string word = next();
    for (const memory_order order :
         {memory_order::relaxed, memory_order::acquire, memory_order::release,
          memory_order::acq_rel, memory_order::seq_cst}) {
      if (word == order_name(order)) return order;
    }
    fail("unknown memory order '" + word + "'");
  }

  int register_index(const std::string& word) {
    if (!word.starts_with('r')) fail("expected a register, found '" + word + "'");
    return number(word.substr(1));
  }

  value number(const std::string& word) {
    value result = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), result);
    if (error != std::errc{} || end != word.data() + word.size()) {
      fail("expected a number, found '" + word + "'");
    }
    return result;
  }

  void expect(std::string_view word) {
    if (next() != word) fail("expected '" + std::string(word) + "'");
  }

  const std::string& peek() {
    if (position_ == words_.size()) fail("unexpected end");
    return words_[position_];
  }

  std::string next() {
    std::string word = peek();
    ++position_;
    return word;
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw std::invalid_argument(why + " in operation '" + std::string(text_) + "'");
  }

  std::string_view text_;
  std::vector<std::string> words_;
  std::size_t position_ = 0;
};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\n") == text.npos; }

}  // namespace

program parse(std::string_view text) {
  program result;
  for (const std::string_view thread_text : split(text, '/')) {
    thread& t = result.threads.emplace_back();
    for (const std::string_view part : split(thread_text, ';')) {
      if (!is_blank(part)) t.push_back(operation_parser(part).parse());
    }
  }
  return result;
}

}  // namespace pawl::oracle

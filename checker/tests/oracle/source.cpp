#include "source.hpp"

#include <algorithm>

namespace pawl::oracle {
namespace {

std::string number(std::size_t n) { return std::to_string(n); }
std::string number(int n) { return std::to_string(n); }

class writer {
 public:
  explicit writer(language l) : is_c_(l == language::c) {}

  std::string write(const std::vector<named_program>& programs) {
    int locations = 0;
    for (const auto& p : programs) locations = std::max(locations, p.code.locations());
    head(locations);
    for (std::size_t i = 0; i < programs.size(); ++i)
      for (std::size_t t = 0; t < programs[i].code.threads.size(); ++t)
        write_thread(programs[i], function(i, t), t);
    write_main(programs);
    return std::move(text_);
  }

 private:
  static std::string function(std::size_t program, std::size_t thread) {
    return "program_" + number(program) + "_thread_" + number(thread);
  }

  void head(int locations) {
    text_ += is_c_ ? "#include <pthread.h>\n#include <stdatomic.h>\n#include <stdlib.h>\n\n"
                     "static atomic_int m["
                   : "#include <atomic>\n#include <cstdlib>\n#include <thread>\n#include <vector>\n"
                     "\nusing namespace std;\n\nstatic atomic<int> m[";
    text_ += number(locations) + "];\n\n";
  }

  void write_thread(const named_program& p, const std::string& name, std::size_t t) {
    text_ += "// " + p.name + "\n";
    text_ +=
        is_c_ ? "static void* " + name + "(void* unused) {\n" : "static void " + name + "() {\n";
    for (int r = 0; r < p.code.registers(); ++r)
      text_ += (r == 0 ? "  int r" : ", r") + number(r) + " = 0";
    if (p.code.registers() > 0) text_ += ";\n";
    const thread& code = p.code.threads[t];
    std::vector<bool> is_target(code.size() + 1);
    for (std::size_t i = 0; i < code.size(); ++i) {
      if (is_target[i]) text_ += "after_" + number(i) + ":\n";
      if (code[i].kind == op::skip_if)
        is_target[i + 1 + static_cast<std::size_t>(code[i].skip)] = true;
      text_ += "  " + statement(code[i], i) + "\n";
    }
    if (is_target.back()) text_ += "after_" + number(code.size()) + ":\n";
    for (int r = 0; r < p.code.registers(); ++r) text_ += "  (void)r" + number(r) + ";\n";
    text_ += is_c_ ? "  (void)unused;\n  return NULL;\n}\n\n" : "  return;\n}\n\n";
  }

  // x.load(order), or atomic_load_explicit(&x, order)
  std::string call(const std::string& what, const operation& o, std::string arguments) const {
    const std::string place = "m[" + number(o.location) + "]";
    if (is_c_)
      return "atomic_" + what + "_explicit(&" + place + (arguments.empty() ? "" : ", ") +
             arguments + ")";
    return place + "." + what + "(" + arguments + ")";
  }
  std::string ordered(const std::string& what, const operation& o, std::string arguments) const {
    if (is_c_ || !arguments.empty()) {
      if (!arguments.empty()) arguments += ", ";
    }
    return call(what, o, arguments + order(o.order));
  }
  static std::string order(memory_order o) {
    switch (o) {
      case memory_order::relaxed:
        return "memory_order_relaxed";
      case memory_order::consume:
      case memory_order::acquire:
        return "memory_order_acquire";
      case memory_order::release:
        return "memory_order_release";
      case memory_order::acq_rel:
        return "memory_order_acq_rel";
      case memory_order::seq_cst:
        return "memory_order_seq_cst";
    }
    return "?";
  }
  static std::string test(const operation& o) {
    return "r" + number(o.result) + (o.test == comparison::equal ? " == " : " != ") +
           number(o.expected);
  }
  std::string exchange_if(const operation& o, memory_order failure) const {
    const std::string result = "r" + number(o.result);
    return call("compare_exchange_strong", o,
                (is_c_ ? "&" + result : result) + ", " + number(o.operand) + ", " + order(o.order) +
                    ", " + order(failure));
  }

  std::string statement(const operation& o, std::size_t at) const {
    const std::string result = "r" + number(o.result);
    const std::string stored =
        o.addend < 0 ? number(o.operand) : "r" + number(o.addend) + " + " + number(o.operand);
    switch (o.kind) {
      case op::load:
        return result + " = " + ordered("load", o, "") + ";";
      case op::store:
        return ordered("store", o, stored) + ";";
      case op::fetch_add:
        return result + " = " + ordered("fetch_add", o, number(o.operand)) + ";";
      case op::exchange:
        return result + " = " + ordered("exchange", o, number(o.operand)) + ";";
      case op::cas:
        return result + " = " + number(o.expected) + "; " + exchange_if(o, o.failure_order) + ";";
      case op::fence:
        return "atomic_thread_fence(" + order(o.order) + ");";
      case op::await:
        return "do " + result + " = " + ordered("load", o, "") + "; while (!(" + test(o) + "));";
      case op::await_rmw:
        return "do " + result + " = " + number(o.expected) + "; while (!" +
               exchange_if(o, memory_order::relaxed) + ");";
      case op::skip_if:
        return "if (" + test(o) + ") goto after_" +
               number(at + 1 + static_cast<std::size_t>(o.skip)) + ";";
    }
    return ";";
  }

  void write_main(const std::vector<named_program>& programs) {
    text_ += is_c_ ? "typedef void* (*function)(void*);\n\n"
                     "static void run(const function* threads, int n) {\n"
                     "  pthread_t started[32];\n"
                     "  for (int i = 0; i < n; ++i)\n"
                     "    pthread_create(&started[i], NULL, threads[i], NULL);\n"
                     "  for (int i = 0; i < n; ++i) pthread_join(started[i], NULL);\n"
                     "}\n\n"
                   : "typedef void (*function)();\n\n"
                     "static void run(const function* threads, int n) {\n"
                     "  vector<thread> started;\n"
                     "  for (int i = 0; i < n; ++i) started.emplace_back(threads[i]);\n"
                     "  for (thread& each : started) each.join();\n"
                     "}\n\n";
    text_ += "int main(int argc, char** argv) {\n  switch (argc > 1 ? atoi(argv[1]) : -1) {\n";
    for (std::size_t i = 0; i < programs.size(); ++i) {
      const std::size_t n = programs[i].code.threads.size();
      text_ += "    case " + number(i) + ": {\n      const function threads[] = {";
      for (std::size_t t = 0; t < n; ++t) text_ += (t == 0 ? "" : ", ") + function(i, t);
      text_ += "};\n      run(threads, " + number(n) + ");\n      return 0;\n    }\n";
    }
    text_ += "  }\n  return 1;\n}\n";
  }

  const bool is_c_;
  std::string text_;
};

}  // namespace

std::string to_source(const std::vector<named_program>& programs, language l) {
  return writer(l).write(programs);
}

}  // namespace pawl::oracle

// The program that runs under the checker: its main(), its static data, what it prints.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../../engine/whole_program.hpp"
#include "../../tool/numbers.hpp"
#include "heap.hpp"
#include "shadow.hpp"
#include "thread_locals.hpp"

namespace pawl::check::instrumented {

using main_function = int (*)(int, char**, char**);

/// Effects: explores the program whose main() this is. Returns: the exit code of the process.
int explore_program(main_function, int argc, char** argv, char** environment);

/// Static data that the executable may write.
[[nodiscard]] std::span<std::byte> writable_data();

/// What the command line says of the program.
struct program_settings {
  bool allow_io = false;
  bool any_result = false;  ///< main() may return something else than 0.
  bool abort_discards = false;
  tool::integer_range unknowns;
  unsigned spurious_wakeups = 0;  ///< Of each thread, at most.
};

class program final : public engine::whole_program {
 public:
  program(main_function, std::vector<std::string> arguments, char** environment, program_settings);

  void put_back() override;
  void run(const check::program& body) override;
  void resume_thread(unsigned t) override { locals_.enter(t); }
  // What the engine evaluates of the program is no access of the thread's.
  void pause_thread(unsigned t) override {
    engine::plain_accesses = 0;
    locals_.leave(t);
  }
  void pause() override { locals_.end(); }
  void begin_turn(engine::runtime& r, engine::view before) override {
    shadow::begin_turn(r, before);
  }
  void note_allocation(const void* p, std::size_t size) override;
  void note_free(const void* p, std::size_t size) override;
  void forget_reachable(const engine::runtime&, std::vector<fiber::block*>& live) override;
  [[nodiscard]] std::string name_of(const rt::atomic_object&) override;
  [[nodiscard]] std::string text_of(rt::word) override;
  [[nodiscard]] const void* code_after(rt::site) override;
  [[nodiscard]] std::string address_text(rt::word) override;
  void resolve_sites() override;
  [[nodiscard]] std::string output() override;
  [[nodiscard]] std::span<const std::byte> static_data() const override;
  void writes_to_stack(const engine::runtime&, unsigned owner,
                       std::vector<engine::written_on_stack>& out) const override;
  void explore(std::span<const engine::explored_granule> all) override { the_shadow.explore(all); }
  [[nodiscard]] std::span<const engine::explored_granule> explored() const override {
    return the_shadow.explored();
  }
  [[nodiscard]] std::vector<std::string> racing_data() const override {
    return the_shadow.racing_data();
  }

  void call_main();
  [[nodiscard]] main_function main() const { return main_; }
  [[nodiscard]] const program_settings& settings() const { return settings_; }

 private:
  main_function main_;
  int result_ = 0;  // Of main().
  std::vector<std::string> arguments_;
  std::vector<std::string> words_;  // The same, for the program to write to.
  std::vector<char*> argv_;
  char** environment_;
  program_settings settings_;
  std::span<std::byte> data_;
  std::vector<std::byte> data_before_;
  thread_locals locals_;
};

extern program* the_program;

}  // namespace pawl::check::instrumented
